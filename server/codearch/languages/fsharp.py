"""F#: modules, types, members, functions."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="fsharp",
    title="F#",
    extensions=(".fs", ".fsi", ".fsx"),
    aliases=("fs", "f#"),
    sections=Sections(
        heads=heads(
            r"\s*(?:module|namespace)\s+(?:rec\s+|private\s+|internal\s+)*(?P<name>[\w.]+)",
            r"\s*(?:type|and)\s+(?:private\s+|internal\s+|public\s+)?(?P<name>[A-Z]\w*)",
            r"\s*(?:static\s+)?(?:member|override|abstract|default)\s+"
            r"(?:private\s+|inline\s+)*(?:\w+\.)?NAME",
            r"(?: {4})?let\s+(?:rec\s+|inline\s+|private\s+|mutable\s+)*"
            r"(?P<name>\w+|``[^`]+``|\([^)]+\))",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"\(\*(?!\))", r"\*\)"),),
        attribute=re.compile(r"\[<.*>\]\s*$"),
        test=re.compile(r"\[<(?:Fact|Theory|Test|Property|TestCase)\b"),
    ),
)
