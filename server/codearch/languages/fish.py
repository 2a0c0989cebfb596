"""Fish shell: a section a function."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="fish",
    title="Fish",
    extensions=(".fish",),
    interpreters=("fish",),
    sections=Sections(heads=heads(r"\s*function\s+(?P<name>[\w.-]+)"), comment=re.compile(r"#")),
)
