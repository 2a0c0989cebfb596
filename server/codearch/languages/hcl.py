"""Terraform and other HCL: a section a block, named by its labels."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="hcl",
    title="HCL",
    extensions=(".tf", ".tfvars", ".hcl", ".nomad", ".bicep"),
    aliases=("terraform",),
    sections=Sections(
        heads=heads(
            r"\w+\s+\"[^\"]+\"\s+\"(?P<name>[^\"]+)\"",
            r"\w+\s+\"(?P<name>[^\"]+)\"",
            r"(?:resource|module|param|var|output)\s+NAME",
            r"(?P<name>\w+)\s*=?\s*\{",
        ),
        comment=re.compile(r"#|//"),
        blocks=(block(r"/\*", r"\*/"),),
    ),
)
