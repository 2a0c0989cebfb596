"""PHP: namespaces, types, functions and methods; Pest's tests."""

import re

from codearch.languages._language import Language, Sections, block, heads

_MODIFIERS = r"\s*(?:(?:abstract|final|public|protected|private|static|readonly)\s+)*"

LANGUAGE = Language(
    name="php",
    title="PHP",
    extensions=(".php", ".phtml", ".php3", ".php4", ".php5", ".phps", ".inc"),
    interpreters=("php",),
    sections=Sections(
        heads=heads(
            _MODIFIERS + r"(?:class|interface|trait|enum)\s+NAME",
            _MODIFIERS + r"function\s+&?\s*NAME\s*\(",
            r"\s*(?:it|test|describe|dataset)\(\s*['\"](?P<name>[^'\"]+)",
            r"\s*\$(?P<name>\w+)\s*=\s*(?:static\s+)?(?:function|fn)\s*\(",
        ),
        comment=re.compile(r"//|#(?!\[)"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"#\["),
        test=re.compile(r"^\s*(?:it|test|describe)\(|function\s+test|@test\b|#\[Test"),
    ),
)
