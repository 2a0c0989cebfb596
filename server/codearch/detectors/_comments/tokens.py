"""A line of code as tokens, alike in all languages."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    |(?P<number>(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:\d[\d_]*(?:'\d{3})*(?:\.\d[\d_]*)?|\.\d+)(?:[eE][+-]?\d+)?)\w*)
    |(?P<name>[^\W\d][\w$]*(?:(?:\.|::|->)[^\W\d][\w$]*)*)
    |(?P<op>\*\*|<<=?|>>=?|[<>=!:+*/%-]=|==?=?|=>|->|&&|\|\||\S)
    """,
    re.VERBOSE,
)
_WORDS = frozenset({"return", "in", "and", "or", "not", "if", "while", "case"})


class Token(NamedTuple):
    """A token: a string, a number, a name with its receivers, or an operator."""

    kind: str
    text: str
    start: int

    @property
    def is_name(self) -> bool:
        """Whether it is a name, and no word of the language that stands before a value."""
        return self.kind == "name" and self.text not in _WORDS


def tokens_of(code: str) -> list[Token]:
    """Return the tokens of a line."""
    return [
        Token(str(each.lastgroup), each.group(), each.start()) for each in _TOKEN.finditer(code)
    ]


def text_at(tokens: list[Token], at: int) -> str:
    """Return the text of a token, "" before the first and behind the last."""
    return tokens[at].text if 0 <= at < len(tokens) else ""
