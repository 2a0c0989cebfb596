"""TOML: a section a table."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="toml",
    title="TOML",
    extensions=(".toml",),
    filenames=("Cargo.lock", "Pipfile", "poetry.lock", "uv.lock"),
    sections=Sections(
        nested=False,
        heads=heads(r"\s*\[{1,2}\s*(?P<name>[^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$"),
        comment=re.compile(r"#"),
    ),
)
