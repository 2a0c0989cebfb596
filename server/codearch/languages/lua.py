"""Lua and Luau: functions in all their forms, tables, and Busted's tests."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="lua",
    title="Lua",
    extensions=(".lua", ".luau", ".rockspec"),
    interpreters=("lua", "luajit"),
    sections=Sections(
        heads=heads(
            r"\s*(?:local\s+)?function\s+(?P<name>[\w.:]+)",
            r"\s*(?:local\s+)?(?P<name>[\w.:]+(?:\[[^\]]+\])?)\s*=\s*(?:\w+\()?function\s*\(",
            r"(?:local\s+)?(?P<name>[\w.]+)\s*=\s*\{",
            r"\s*(?:describe|it|context|test|T\[)\s*\(?\s*['\"](?P<name>[^'\"]+)",
        ),
        comment=re.compile(r"--(?!\[=*\[)"),
        blocks=(block(r"--\[=*\[", r"\]=*\]"),),
        test=re.compile(r"^\s*(?:describe|it|context|test)\s*\("),
    ),
)
