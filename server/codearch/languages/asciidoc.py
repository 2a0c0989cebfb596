"""AsciiDoc: headings begin with equals signs."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="asciidoc",
    title="AsciiDoc",
    extensions=(".adoc", ".asciidoc"),
    sections=Sections(
        mode="headings",
        heads=heads(r"(?P<level>={1,6})\s+(?P<name>\S.*?)\s*$"),
        comment=re.compile(r"//(?!/)"),
    ),
)
