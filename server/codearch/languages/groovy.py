"""Groovy, and Gradle's and Jenkins's scripts: types, methods, tasks, stages, Spock's features."""

import re

from codearch.languages._language import Language, Sections, block, heads

_MODIFIERS = r"\s*(?:(?:public|private|protected|static|final|abstract|synchronized)\s+)*"

LANGUAGE = Language(
    name="groovy",
    title="Groovy",
    extensions=(".groovy", ".gradle", ".gvy"),
    filenames=("Jenkinsfile",),
    interpreters=("groovy",),
    sections=Sections(
        heads=heads(
            _MODIFIERS + r"(?:class|interface|trait|enum)\s+NAME",
            _MODIFIERS
            + r"(?:def|void|[\w<>\[\], ]+)\s+(?P<name>\w+|\"[^\"]+\"|'[^']+')\s*\([^)]*\)\s*\{",
            r"\s*task\s+NAME",
            r"\s*(?:stage|task|register|tasks\.\w+)\(\s*['\"](?P<name>[^'\"]+)",
            r"(?P<name>\w+)\s*\{\s*$",
        ),
        comment=re.compile(r"//"),
        blocks=(block(r"/\*", r"\*/"),),
        attribute=re.compile(r"@\w+(?:\(.*\))?\s*$"),
        test=re.compile(r"^\s*@Test\b|^\s*(?:def|void)\s+[\"']"),
    ),
)
