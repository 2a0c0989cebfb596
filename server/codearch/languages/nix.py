"""Nix: attributes that hold several lines."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="nix",
    title="Nix",
    extensions=(".nix",),
    sections=Sections(
        mode="keys",
        heads=heads(r"\s*(?P<name>[\w.\"'-]+)\s*=(?!=)"),
        comment=re.compile(r"#"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)
