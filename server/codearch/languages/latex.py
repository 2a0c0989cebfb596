"""LaTeX: chapters and sections, theorems and new commands."""

import re

from codearch.languages._language import Language, Sections, heads

LANGUAGE = Language(
    name="latex",
    title="LaTeX",
    extensions=(".tex", ".sty", ".cls", ".bib"),
    aliases=("tex",),
    sections=Sections(
        nested=False,
        heads=heads(
            r"\s*\\(?:part|chapter|(?:sub)*section|paragraph)\*?(?:\[[^\]]*\])?\{(?P<name>[^}]+)\}",
            r"\s*\\(?:re)?newcommand\*?\{?\\(?P<name>\w+)\}?",
            r"@\w+\{(?P<name>[^,\s]+)",
        ),
        comment=re.compile(r"%"),
    ),
)
