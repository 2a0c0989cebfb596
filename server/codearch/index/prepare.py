"""A file's bytes become all that the index will keep of them: the costly part, free of any store.

It runs inside the indexer for an edit and in worker processes for bulk work.
"""

from __future__ import annotations

import hashlib

import msgspec

from codearch import languages
from codearch.embedding.passage import embedded, passages
from codearch.facts import FactError, FileFacts, Passage
from codearch.graph.outline import Outline, outline_of
from codearch.index import remarks, rows, terms
from codearch.index.contents import pack_said, pack_source
from codearch.index.packing import pack
from codearch.index.shape import shape_of
from codearch.index.terms import Words
from codearch.parse import Before, LastTree, parse
from codearch.secrets import hidden
from codearch.text import as_utf8

PARSER_VERSION = 17  # grows when facts or passages of the same bytes change, or their stored form
_KEY_BYTES = 16
_MIN_BODY_BYTES = 24  # shorter bodies are alike by chance


class PreparedPassage(msgspec.Struct, frozen=True, array_like=True):
    """One passage: its key, and its text for the encoder."""

    key: int
    passage: Passage


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A file's content, parsed and packed. `passages` has one list for each symbol."""

    key: bytes
    facts: FileFacts
    facts_blob: bytes
    outline: Outline
    source_blob: bytes
    bodies: list[int]
    passages: list[list[PreparedPassage]]
    words: Words  # of the passages, then of comments
    remarks: bytes
    shape: bytes  # see `shape_of`
    said: bytes  # see `rows.said`


def content_key(data: bytes, language: str) -> bytes:
    """Return the key under which a content of this language is stored."""
    salt = f"{PARSER_VERSION}\0{language}\0".encode()
    return hashlib.sha256(salt + data).digest()[:_KEY_BYTES]


def prepare(
    data: bytes, language_name: str, last: LastTree | None = None, before: Before | None = None
) -> Prepared:
    """Parse a file's bytes and make its passages. Never raises for broken source.

    `last` is what is kept of the same file before an edit, `before` that version's facts.
    """
    facts = _parsed(data, language_name, last, before)
    source = hidden(as_utf8(data), facts.secrets)
    whole = [passages(facts, index, source) for index in range(len(facts.symbols))]
    counted = [terms.count(each) for part in whole for each in part]
    said = remarks.remarks(facts, source)
    return Prepared(
        content_key(data, language_name),
        facts,
        pack(facts, source),
        outline_of(facts),
        pack_source(source),
        body_hashes(facts, source),
        _keyed(facts, whole),
        terms.gather([*counted, *(each for _, each in said.words)]),
        remarks.pack(said),
        shape_of(facts, source),
        pack_said(rows.said(facts)),
    )


def _parsed(
    data: bytes, language_name: str, last: LastTree | None, before: Before | None
) -> FileFacts:
    try:
        return parse(data, languages.by_name(language_name), last, before)
    except Exception as error:
        if before is not None:  # what is stored of it may be damaged
            return _parsed(data, language_name, last, None)
        # Parsing never raises, and where it does all the same, one file must not stop the rest:
        # it is found by its words, as any text is.
        facts = parse(data, languages.by_name("text"))
        noted = FactError(f"The parser failed: {error!r}", 0, 0)
        return msgspec.structs.replace(facts, language=language_name, errors=(noted,))


def prepared_passages(facts: FileFacts, source: bytes) -> list[list[PreparedPassage]]:
    """Return the passages of a file by symbol."""
    return _keyed(facts, [passages(facts, index, source) for index in range(len(facts.symbols))])


def _keyed(facts: FileFacts, whole: list[list[Passage]]) -> list[list[PreparedPassage]]:
    return [
        [PreparedPassage(passage_key(each), each) for each in embedded(symbol, part)]
        for symbol, part in zip(facts.symbols, whole, strict=True)
    ]


def passage_key(passage: Passage) -> int:
    """Return the hash of a passage's text, as a signed number of 64 bits."""
    fields = (passage.name, passage.signature, passage.doc, passage.body)
    digest = hashlib.sha256("\0".join(fields).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def body_hashes(facts: FileFacts, source: bytes) -> list[int]:
    """Return a 47-bit hash of each symbol's text apart from its own name; 0 where too short."""
    hashes = []
    for symbol in facts.symbols:
        text = source[symbol.name_span.end_byte or symbol.span.start_byte : symbol.span.end_byte]
        if symbol.kind in ("module", "section") or len(text) < _MIN_BODY_BYTES:
            hashes.append(0)
            continue
        text = text.replace(symbol.name.encode(), b"\0") if symbol.name else text
        text = b" ".join(text.split())
        hashes.append(int.from_bytes(hashlib.blake2b(text, digest_size=6).digest(), "big") >> 1)
    return hashes
