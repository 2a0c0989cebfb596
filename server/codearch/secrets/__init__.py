"""Secrets in a file's text: where they are, and the text without them.

`find` looks at bytes alone, never at a path, so that what is hidden of a content is the same
wherever it lies. Parsing (codearch.parse) hides what is found before it makes facts, and what is
stored and shown is made of these: nothing after it sees a secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.secrets._assignments import assignments
from codearch.secrets._credentials import credentials
from codearch.secrets._formats import tokens
from codearch.secrets._keys import keys
from codearch.secrets._urls import MADE_UP, addresses, headers, pairs
from codearch.secrets._values import DRAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.facts import SecretFact

__all__ = ["DRAWN", "MADE_UP", "SHOWING", "find", "hidden"]

# Languages whose values show how something is used.
SHOWING = frozenset({"markdown", "restructuredtext", "asciidoc", "org", "latex"})
# One sign for each character, of as many bytes and UTF-16 units as the character has.
_SIGNS = {1: b"x", 2: "\u02e3".encode(), 3: "\u2022".encode(), 4: "\U0001d465".encode()}
_CHARACTER = re.compile(
    rb"[\x00-\x7f]|[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}"
)
_KEY_TEXT = re.compile(rb"(\\[nrt])|[A-Za-z0-9/][A-Za-z0-9+/=_-]+")  # not what joins its lines


def find(source: bytes, language: str) -> tuple[SecretFact, ...]:
    """Return the secrets of a file in UTF-8, in its order; none lies in another.

    `language` says where values need no quotes. What says most of a secret comes first.
    """
    found: list[SecretFact] = []
    taken: list[tuple[int, int]] = []
    for secret in _all(source, language):
        if all(secret.end_byte <= start or end <= secret.start_byte for start, end in taken):
            found.append(secret)
            taken.append((secret.start_byte, secret.end_byte))
    return tuple(sorted(found, key=lambda secret: secret.start_byte))


def _all(source: bytes, language: str) -> Iterator[SecretFact]:
    lowered = source.lower()
    yield from keys(source)
    yield from tokens(source)
    if language in SHOWING:
        return
    yield from addresses(source)
    yield from assignments(source, lowered, language)
    yield from credentials(source, lowered)
    yield from pairs(source, lowered)
    yield from headers(source, lowered)


def hidden(source: bytes, secrets: Iterable[SecretFact]) -> bytes:
    """Return the source with a sign for each character of its secrets: every position stays."""
    parts: list[bytes] = []
    at = 0
    for secret in secrets:
        parts += (source[at : secret.hidden_byte], _signs(source, secret))
        at = secret.end_byte
    return b"".join((*parts, source[at:])) if parts else source


def _signs(source: bytes, secret: SecretFact) -> bytes:
    text = source[secret.hidden_byte : secret.end_byte]
    if secret.how == "key":
        return _KEY_TEXT.sub(lambda match: match[1] or b"x" * len(match[0]), text)
    return _CHARACTER.sub(lambda match: _SIGNS[len(match[0])], text)
