"""Fortran: modules, subroutines, functions, types."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="fortran",
    title="Fortran",
    extensions=(".f", ".for", ".f77", ".f90", ".f95", ".f03", ".f08"),
    sections=Sections(
        nested=False,
        heads=heads(
            r"(?i)\s*(?:program|module|submodule\s*\([^)]*\)|block\s*data)\s+(?!procedure\b)NAME",
            r"(?i)\s*+(?!end)(?:[\w()*=, ]+\s)?(?:subroutine|function)\s+NAME",
            r"(?i)\s*type\s*(?:,[^:]*)?(?:::)?\s*(?!\()NAME\s*$",
            r"(?i)\s*interface\s+NAME",
        ),
        comment=re.compile(r"!"),
    ),
)
