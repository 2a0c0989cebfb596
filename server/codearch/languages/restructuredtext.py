"""reStructuredText: titles are underlined; the order of their underlines gives the level."""

import re

from codearch.languages._language import Language, Sections

LANGUAGE = Language(
    name="restructuredtext",
    title="reStructuredText",
    extensions=(".rst", ".rest"),
    aliases=("rst",),
    sections=Sections(mode="underlines", comment=re.compile(r"\.\. (?!\S+::|_|\[|\|)")),
)
