"""Erlang: functions, records, types, and attributes that name things."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="erlang",
    title="Erlang",
    extensions=(".erl", ".hrl", ".escript", ".xrl", ".yrl"),
    filenames=("rebar.config",),
    interpreters=("escript",),
    sections=Sections(
        nested=False,
        heads=heads(
            r"-(?:module|record|type|opaque|callback|define|behaviou?r)\s*\(?\s*(?P<name>\w+)",
            r"(?P<name>[a-z]\w*)\s*\(.*(?:->|$)",
        ),
        comment=re.compile(r"%"),
        attribute=re.compile(r"-spec\b"),
        test=re.compile(r"^\w+_test_?\("),
    ),
)
