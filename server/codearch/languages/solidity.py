"""Solidity: contracts, functions, events, modifiers."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="solidity",
    title="Solidity",
    extensions=(".sol", ".vy"),
    sections=Sections(
        heads=heads(
            r"\s*(?:abstract\s+)?(?:contract|interface|library|struct|enum)\s+NAME",
            r"\s*(?:function|event|modifier|error|def)\s+NAME",
            r"\s*(?P<name>constructor|receive|fallback)\s*\(",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)
