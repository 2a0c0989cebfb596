"""Which definitions say in their comments that they were taken from somewhere else.

Whoever takes code over as it is keeps it as it is, to take the next version over as well: its size
and complexity are nothing to act on. A link to a page of source code, or a file's name, tells that
from a paper or a licence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts

_FILE = r"[\w/-]+\.(?:c|cc|cpp|cs|go|h|hpp|java|m?js|py|rs|ts)\b"
_PAGE = r"https?://\S+/(?:blob|tree|raw|src|commit|main|master)/"
_TO = r"\b(?: \w+){0,4}? (?:from|of|on)\b(?:(?!\. ).){0,80}?"
_TAKEN = re.compile(
    rf"(?i)\b(?:copied|taken|port(?:ed)?|vendored|borrowed|lifted|imported){_TO}(?:https?:|{_FILE})"
    rf"|\b(?:copy|derived|adapted|based){_TO}(?:{_PAGE}|{_FILE})"
)
_HEAD_BYTES = 2_000


def says_it_is_copied(facts: FileFacts, line: int) -> bool:
    """Say whether the head of a file, or a comment above a line of it, names where it is from."""
    return any(
        _TAKEN.search(" ".join(said.split()))
        for said in ("\n".join(_head(facts)), "\n".join(_above(facts, line)))
    )


def _head(facts: FileFacts) -> Iterator[str]:
    first = min((each.span.start_byte for each in facts.symbols[1:]), default=_HEAD_BYTES)
    for comment in facts.comments:
        if comment.span.start_byte < min(first, _HEAD_BYTES):
            yield comment.text


def _above(facts: FileFacts, line: int) -> list[str]:
    """Return the comments that stand directly above a line, one after the other."""
    found = []
    for comment in reversed(facts.comments):
        if comment.span.end_line == line - 1:
            found.append(comment.text)
            line = comment.span.line
    return found[::-1]
