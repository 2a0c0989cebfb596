"""Text to sub-word pieces, in plain Python: fast because every identifier is cut up only once."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

NORMALISER = 1  # grows with every change of what text gives which pieces
CONTINUED = "#"  # marks a piece that goes on within a word
LONGEST_IDENTIFIER = 80  # characters; what is longer is data (base64, digests), not words
LONGEST_WORD = 40
CACHED_IDENTIFIERS = 200_000

_IDENTIFIER = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return the text with compatibility forms and accents folded away."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def identifiers(text: str) -> list[str]:
    """Return the runs of letters, digits and underscores in a text, as written."""
    return _IDENTIFIER.findall(fold(text))


class Tokenizer:
    """Cuts identifiers into words and words into the longest pieces that the vocabulary holds."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._longest = max((len(piece) for piece in self._ids), default=0)
        self._known: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def counts(self, text: str) -> dict[int, int]:
        """Return how often each piece stands in the text."""
        found: dict[int, int] = {}
        known = self._known
        for identifier, times in Counter(identifiers(text)).items():
            pieces = known.get(identifier)
            if pieces is None:
                pieces = self._learn(identifier)
            for piece in pieces:
                found[piece] = found.get(piece, 0) + times
        return found

    def _learn(self, identifier: str) -> tuple[int, ...]:
        """Cut an identifier seen for the first time, and remember it."""
        if len(self._known) >= CACHED_IDENTIFIERS:
            self._known.clear()
        pieces = () if len(identifier) > LONGEST_IDENTIFIER else self._cut(identifier)
        self._known[identifier] = pieces
        return pieces

    def _cut(self, identifier: str) -> tuple[int, ...]:
        return tuple(piece for word in split_identifier(identifier) for piece in self._pieces(word))

    def _pieces(self, word: str) -> list[int]:
        """Return the longest pieces from left to right; characters of no piece are passed over."""
        found: list[int] = []
        word = word[:LONGEST_WORD]
        at = 0
        mark = ""
        while at < len(word):
            for end in range(min(len(word), at + self._longest), at, -1):
                piece = self._ids.get(mark + word[at:end])
                if piece is not None:
                    found.append(piece)
                    at = end
                    break
            else:
                at += 1
            mark = CONTINUED
        return found
