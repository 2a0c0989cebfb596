"""Zig: functions, types held by constants, tests."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="zig",
    title="Zig",
    extensions=(".zig", ".zon"),
    sections=Sections(
        heads=heads(
            r"\s*(?:pub\s+)?(?:export\s+|extern\s+(?:\"\w+\"\s+)?|inline\s+|noinline\s+)*fn\s+NAME",
            r"\s*(?:pub\s+)?const\s+NAME\s*(?::[^=]+)?=\s*(?:packed\s+|extern\s+)?"
            r"(?:struct|enum|union|opaque|error)\b",
            r"(?:pub\s+)?(?:const|var|threadlocal var)\s+NAME\b(?!.*@import)",
            r"\s*test\s+\"(?P<name>[^\"]+)\"",
            r"\s*test\s+NAME",
            r"\s*(?P<name>test|comptime)\s*\{",
        ),
        comment=re.compile(r"//"),
        test=re.compile(r"^\s*test\b"),
    ),
)
