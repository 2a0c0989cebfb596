"""INI files and their kin: a section a heading in brackets."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="ini",
    title="INI",
    extensions=(
        ".ini",
        ".cfg",
        ".conf",
        ".desktop",
        ".editorconfig",
        ".gitconfig",
        ".gitmodules",
        ".properties",
        ".service",
        ".timer",
    ),
    filenames=(".editorconfig", ".gitconfig", ".gitmodules", ".npmrc", ".flake8", ".pylintrc"),
    sections=Sections(
        nested=False,
        heads=heads(r"\s*\[(?P<name>[^\]]+)\]"),
        comment=re.compile(r"[#;!]"),
    ),
)
