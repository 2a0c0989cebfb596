"""Crystal: modules, types, methods, macros."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="crystal",
    title="Crystal",
    extensions=(".cr",),
    interpreters=("crystal",),
    sections=Sections(
        heads=heads(
            r"\s*(?:private |protected |abstract )*(?:def|macro|fun)\s+(?:self\.)?"
            r"(?P<name>[^\s(;]+)",
            r"\s*(?:private |abstract )*(?:class|module|struct|enum|lib|annotation|union)\s+"
            r"(?P<name>[A-Z][\w:]*)",
            r"\s*(?:describe|context|it)\s+(?P<name>[^\s,].*?)\s+do\b",
        ),
        comment=re.compile(r"#"),
        attribute=re.compile(r"@\["),
        test=re.compile(r"^\s*(?:describe|context|it)\s"),
    ),
)
