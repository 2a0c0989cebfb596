"""Scala 2 and 3: types, objects, givens, functions, and values at the top of a type."""

import re

from codearch.languages._language import Language, Sections, block, heads

_MODIFIERS = (
    r"\s*(?:@[\w.]+(?:\([^)]*\))?\s+)*(?:(?:private|protected)(?:\[\w+\])?\s+|(?:final|sealed|abstract"
    r"|implicit|lazy|override|inline|transparent|opaque|open|case|infix|package|erased)\s+)*"
)

LANGUAGE = Language(
    name="scala",
    title="Scala",
    extensions=(".scala", ".sc", ".sbt", ".mill"),
    interpreters=("scala", "amm"),
    sections=Sections(
        heads=heads(
            _MODIFIERS + r"(?:class|trait|object|enum)\s+NAME",
            _MODIFIERS + r"def\s+(?P<name>\w+|`[^`]+`|[^\s\w(\[:=]+)",
            _MODIFIERS + r"type\s+NAME",
            _MODIFIERS + r"given\s+NAME",
            _MODIFIERS + r"extension\s*(?P<name>[\[(].*?)\s*$",
            r"(?: {2}| {4})?(?:(?:private|protected|implicit|lazy|override|final|inline)"
            r"(?:\[\w+\])?\s+)*va[lr]\s+NAME",
            r"\s*(?:test|property|it|describe|checkAll)\(\s*s?\"+(?P<name>[^\"]+)",
            r"\s*\"(?P<name>[^\"]+)\"\s+(?:should|in|must|can|when|>>)\b",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"@[\w.]+(?:\(.*\))?\s*$"),
        test=re.compile(
            r"^\s*(?:test|property|it|describe|checkAll)\(|^\s*@Test|^\s*\"[^\"]+\"\s+(?:should|in)\b"
        ),
    ),
)
