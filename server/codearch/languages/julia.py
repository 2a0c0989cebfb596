"""Julia: modules, types, functions in both forms, macros, test sets."""

import re

from codearch.languages._language import Language, Sections, block, heads

LANGUAGE = Language(
    name="julia",
    title="Julia",
    extensions=(".jl",),
    interpreters=("julia",),
    sections=Sections(
        heads=heads(
            r"\s*(?:@\w+\s+)*(?:module|baremodule|struct|mutable\s+struct|abstract\s+type|primitive\s+type)\s+NAME",
            r"\s*(?:@\w+\s+)*(?:function|macro)\s+(?P<name>[\w.!]+)",
            r"(?:@\w+\s+)*(?P<name>[\w.!]+)\(.*\)\s*(?:where\s+[^=]+)?=(?!=)",
            r"\s*@testset\s+(?:\w+\s+)?\"(?P<name>[^\"]+)",
        ),
        comment=re.compile(r"#(?!=)"),
        blocks=(block("#=", "=#"), block('"""$', '"""')),
        test=re.compile(r"^\s*@testset\b"),
    ),
)
