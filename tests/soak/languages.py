"""What a person would write in each language: definitions, statements and comments with a word."""

from __future__ import annotations

import re
from typing import NamedTuple


class Writing(NamedTuple):
    """How one language is written; `{word}` is what is searched for, `{callee}` another's name."""

    suffixes: tuple[str, ...]
    definition: str
    statement: str
    comment: str
    naming: re.Pattern[str]  # a line that defines a function, its name as a group


PYTHON = Writing(
    (".py",),
    '\n\ndef {word}(first, second=None):\n    """Weigh one thing."""\n'
    "    return {callee}(first, second)\n",
    "{word} = {callee}(1)",
    "# {word} is noted here",
    re.compile(r"^\s*def (\w+)\("),
)
GO = Writing(
    (".go",),
    "\n// {word} weighs one thing.\nfunc {word}(first int) int {{\n\treturn {callee}(first)\n}}\n",
    "{word} := {callee}(1)",
    "// {word} is noted here",
    re.compile(r"^func (?:\([^)]*\) )?(\w+)\("),
)
TYPESCRIPT = Writing(
    (".ts", ".tsx", ".js"),
    "\nexport function {word}(first) {{\n  return {callee}(first);\n}}\n",
    "const {word} = {callee}(1);",
    "// {word} is noted here",
    re.compile(r"^(?:export )?(?:async )?function (\w+)"),
)
JAVA = Writing(
    (".java",),
    "\nclass Of{word} {{\n  int {word}(int first) {{\n    return {callee}(first);\n  }}\n}}\n",
    "int {word} = {callee}(1);",
    "// {word} is noted here",
    re.compile(r"^\s+(?:public|private|protected)[\w<>\[\], ]* (\w+)\("),
)
CSHARP = JAVA._replace(
    suffixes=(".cs",),
    definition="\nclass Of{word}\n{{\n    public int {word}(int first)\n    {{\n"
    "        return {callee}(first);\n    }}\n}}\n",
)
ALL = (PYTHON, GO, TYPESCRIPT, JAVA, CSHARP)


def writing_of(path: str) -> Writing | None:
    """Return how a file is written, None where it is none of these languages."""
    return next((each for each in ALL if path.endswith(each.suffixes)), None)
