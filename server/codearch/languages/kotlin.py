"""Kotlin: types, functions, objects, extension functions, and properties with a body."""

import re

from codearch.languages._language import Language, Sections, block, heads

_MODIFIERS = (
    r"\s*(?:@[\w.:]+(?:\([^)]*\))?\s+)*(?:(?:public|private|protected|internal|expect|actual|final|open"
    r"|abstract|sealed|const|external|override|lateinit|tailrec|vararg|suspend|inner|enum|annotation|fun"
    r"|companion|inline|value|infix|operator|data)\s+)*"
)

LANGUAGE = Language(
    name="kotlin",
    title="Kotlin",
    extensions=(".kt", ".kts"),
    interpreters=("kotlin",),
    aliases=("kt",),
    sections=Sections(
        heads=heads(
            _MODIFIERS + r"(?:class|interface|object)\s+NAME",
            _MODIFIERS + r"(?P<name>companion object)\b",
            _MODIFIERS + r"fun\s+(?:<[^>]*(?:<[^>]*>[^>]*)*>\s*)?(?:[\w.<>?*, ()]+?\.)?"
            r"(?P<name>\w+|`[^`]+`)\s*\(",
            _MODIFIERS + r"typealias\s+NAME",
            _MODIFIERS + r"(?P<name>constructor)\s*\(",
            r"(?:(?:public|private|internal|override|const|lateinit|expect|actual|inline)\s+)*va[lr]\s+"
            r"(?:<[^>]*>\s*)?(?:[\w<>?*, ]+\.)?NAME",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"@[\w.:]+(?:\(.*\))?\s*$"),
        test=re.compile(r"^\s*@(?:\w+\.)*(?:Parameterized|Repeated)?Test\b"),
    ),
)
