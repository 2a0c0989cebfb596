"""Windows batch files: a section a label."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="batch",
    title="Batch",
    extensions=(".bat", ".cmd"),
    sections=Sections(
        nested=False,
        heads=heads(r"\s*:(?P<name>[A-Za-z_][\w-]*)"),
        comment=re.compile(r"(?i)rem\b|::"),
    ),
)
