"""What passages leave out and a search shall find.

That is words of comments and of what long headers say last, and names of variables.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from codearch.embedding.passage import unsaid
from codearch.facts import TYPE_KINDS, Passage
from codearch.index.terms import Counted, count

if TYPE_CHECKING:
    from codearch.facts import FileFacts

_ENOUGH = 40  # characters of a comment that tell whether a doc holds it
_DECLARING = frozenset({"variable", "constant", "field"})


class Remarks(msgspec.Struct, frozen=True, array_like=True):
    """By index of the symbol: counted words that its passages lack, and names it declares."""

    words: list[tuple[int, Counted]]
    names: list[tuple[int, str]]


class StoredRemarks(msgspec.Struct, frozen=True, array_like=True):
    """The stored form: the words themselves stand with those of the passages, after them."""

    symbols: list[int]  # that have such words
    names: list[tuple[int, str]]


def remarks(facts: FileFacts, source: bytes) -> Remarks:
    """Return the words that passages lack and the declared names of a file.

    Passages hold neither: an edited comment embeds nothing again. And nothing that stands in a file
    shall be invisible to a search.
    """
    return Remarks(_words(facts, source), _names(facts))


def pack(found: Remarks) -> bytes:
    """Return the stored form of what `remarks` gave, without the words."""
    return msgspec.msgpack.encode(StoredRemarks([index for index, _ in found.words], found.names))


def unpack(blob: bytes) -> StoredRemarks:
    """Return what `pack` made."""
    return _decoder.decode(blob)


_decoder = msgspec.msgpack.Decoder(StoredRemarks)


def _words(facts: FileFacts, source: bytes) -> list[tuple[int, Counted]]:
    texts: dict[int, list[str]] = defaultdict(list)
    for index in range(len(facts.symbols)):
        if rest := unsaid(facts, index, source):
            texts[index].append(rest)
    for comment in facts.comments:
        index = max(comment.symbol, 0)
        if index >= len(facts.symbols) or facts.symbols[index].kind == "section":
            continue  # a section's passage is its whole text
        if not _is_in(comment.text, facts.symbols[index].doc):
            texts[index].append(comment.text)
    return [(index, count(Passage("", "", "\n".join(found), ""))) for index, found in texts.items()]


def _is_in(comment: str, doc: str) -> bool:
    words = comment.strip("/*#!-;%<> \t\r\n")[:_ENOUGH].split("\n", 1)[0].strip()
    return bool(words) and words in doc


def _names(facts: FileFacts) -> list[tuple[int, str]]:
    """Return what the file's top level and its types declare beside their symbols."""
    found = {
        (max(owner, 0), definition.name)
        for definition in facts.definitions
        if definition.symbol < 0 and definition.kind in _DECLARING
        for owner in [facts.scopes[definition.scope].symbol]
        if definition.scope == 0 or (owner >= 0 and facts.symbols[owner].kind in TYPE_KINDS)
    }
    return sorted(found) if facts.symbols else []
