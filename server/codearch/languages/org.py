"""Org mode: headings begin with stars."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="org",
    title="Org",
    extensions=(".org",),
    sections=Sections(
        mode="headings",
        heads=heads(r"(?P<level>\*{1,8})\s+(?:TODO\s+|DONE\s+)?(?P<name>\S.*?)\s*$"),
        comment=re.compile(r"# "),
    ),
)
