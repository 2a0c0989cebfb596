"""YAML: a section a key of the first level, and of the second inside long ones."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="yaml",
    title="YAML",
    extensions=(".yaml", ".yml", ".cff"),
    filenames=(".clang-format", ".clang-tidy", ".clangd"),
    aliases=("yml",),
    sections=Sections(
        mode="keys",
        heads=heads(
            r"\s*\"(?P<name>[^\"]+)\"\s*:(?:\s|$)",
            r"\s*'(?P<name>[^']+)'\s*:(?:\s|$)",
            r"\s*(?P<name>[^\s\-#\[\]{}&*!|>%@`\"'][^#\"']*?)\s*:(?:\s|$)",
            r"\s*-\s+(?:name|id|job|title)\s*:\s*(?P<name>\S.*)",
        ),
        comment=re.compile(r"#"),
    ),
)
