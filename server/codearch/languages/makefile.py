"""Makefiles and Justfiles: a section a target, a definition."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="makefile",
    title="Makefile",
    extensions=(".mk", ".mak", ".make", ".just"),
    filenames=("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "BSDmakefile"),
    interpreters=("make",),
    aliases=("make",),
    sections=Sections(
        heads=heads(
            r"define\s+(?P<name>\S+)",
            r"(?P<name>[^\s.:#=][^:#=]*?)\s*::?(?![=:])",
        ),
        comment=re.compile(r"#"),
        attribute=re.compile(r"\.PHONY"),
    ),
)
