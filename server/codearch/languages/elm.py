"""Elm and PureScript: types, and values by their annotations."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="elm",
    title="Elm",
    extensions=(".elm", ".purs"),
    aliases=("purescript",),
    sections=Sections(
        heads=heads(
            r"(?:type\s+alias|type|data|newtype|class|instance|port)\s+(?P<name>\w+)",
            r"(?P<name>[a-z]\w*'?)\s*::?\s",
            r"(?P<name>[a-z]\w*'?)\s*::?$",
        ),
        comment=re.compile(r"--"),
        blocks=(block(r"\{-", r"-\}"),),
    ),
)
