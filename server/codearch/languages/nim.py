"""Nim: procedures and their kin, types."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="nim",
    title="Nim",
    extensions=(".nim", ".nims", ".nimble"),
    interpreters=("nim",),
    sections=Sections(
        heads=heads(
            r"\s*(?:proc|func|method|iterator|macro|template|converter)\s+(?P<name>\w+|`[^`]+`)",
            r"\s+(?P<name>[A-Z]\w*)\*?(?:\[[^\]]*\])?\s*(?:\{\.[^}]*\.\}\s*)?=\s*(?:ref\s+|ptr\s+)?(?:object|enum|tuple|distinct|concept)",
            r"\s*(?:test|suite|task)\s+\"?(?P<name>[^\"]+)\"?",
        ),
        comment=re.compile(r"#(?!\[)"),
        blocks=(block(r"#+\[", r"\]#+"),),
        test=re.compile(r"^\s*(?:test|suite)\s"),
    ),
)
