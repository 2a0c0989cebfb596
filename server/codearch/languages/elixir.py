"""Elixir: modules, functions, macros, protocols, ExUnit's tests."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="elixir",
    title="Elixir",
    extensions=(".ex", ".exs"),
    interpreters=("elixir",),
    aliases=("ex",),
    sections=Sections(
        heads=heads(
            r"\s*(?:defmodule|defprotocol|defimpl)\s+(?P<name>[\w.]+)",
            r"\s*(?:def|defp|defmacro|defmacrop|defguard|defguardp|defdelegate|defn|defnp)\s+"
            r"(?P<name>[\w?!.]+|unquote\([^)]*\))",
            r"\s*(?P<name>defstruct|defexception|schema|embedded_schema)\b",
            r"\s*(?:test|describe|property)\s+\"(?P<name>[^\"]+)",
            r"\s*@(?:type|typep|opaque|callback|macrocallback)\s+(?P<name>\w+)",
            r"\s*(?:scope|pipeline|resources|live_session)\s+[:\"](?P<name>[^\s,\"]+)",
        ),
        comment=re.compile(r"#"),
        blocks=(block(r'@(?:doc|typedoc)\s*(?:~[sS])?"""', r'"""'),),
        attribute=re.compile(r"@(?:spec|impl|doc|deprecated|tag|since|typedoc|dialyzer)\b"),
        test=re.compile(r"^\s*(?:test|describe|property)\s+\""),
    ),
)
