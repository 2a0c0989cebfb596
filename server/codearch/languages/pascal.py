"""Pascal and Delphi: units, types, procedures and functions."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="pascal",
    title="Pascal",
    extensions=(".pas", ".pp", ".dpr", ".lpr", ".dfm"),
    aliases=("delphi",),
    sections=Sections(
        nested=False,
        heads=heads(
            r"(?i)\s*(?:unit|program|library)\s+NAME",
            r"(?i)\s*(?:class\s+)?(?:procedure|function|constructor|destructor|operator)\s+NAME",
            r"(?i)\s*(?P<name>T\w+)\s*=\s*(?:packed\s+)?(?:class|record|interface|set|\()",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"\{(?!\$)", r"\}"), block(r"\(\*", r"\*\)")),
    ),
)
