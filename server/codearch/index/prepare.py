"""A file's bytes become all that the index will keep of them: the costly part, free of any store.

It runs inside the indexer for an edit and in worker processes for bulk work.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING

import msgspec

from codearch import languages
from codearch.embedding.passage import passages
from codearch.facts import FileFacts, Passage
from codearch.graph.outline import Outline, outline_of
from codearch.index import terms
from codearch.parse import parse
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

PARSER_VERSION = 1  # grows when facts or passages of the same bytes change
_MIN_BODY_BYTES = 24  # shorter bodies are alike by chance


class PreparedPassage(msgspec.Struct, frozen=True, array_like=True):
    """One passage: its key, its text for the encoder, its words for the full text."""

    key: bytes
    passage: Passage
    lengths: tuple[int, int, int, int]
    counts: dict[str, int]


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A file's content, parsed and packed. `passages` has one list for each symbol."""

    key: bytes
    facts: FileFacts
    facts_blob: bytes
    outline: Outline
    source_blob: bytes
    passages: list[list[PreparedPassage]]


_encoder = msgspec.msgpack.Encoder()
_facts_decoder = msgspec.msgpack.Decoder(FileFacts)
_outline_decoder = msgspec.msgpack.Decoder(Outline)


def content_key(data: bytes, language: str) -> bytes:
    """Return the key under which a content of this language is stored."""
    salt = f"{PARSER_VERSION}\0{language}\0".encode()
    return hashlib.sha256(salt + data).digest()


def prepare(data: bytes, language_name: str) -> Prepared:
    """Parse a file's bytes and make its passages. Never raises for broken source."""
    language = languages.by_name(language_name)
    facts = parse(data, language)
    source = decode(data).encode("utf-8", errors="surrogatepass")
    made = [
        [prepared_passage(passage) for passage in passages(facts, index, source)]
        for index in range(len(facts.symbols))
    ]
    return Prepared(
        content_key(data, language_name),
        facts,
        zlib.compress(_encoder.encode(facts), 3),
        outline_of(facts),
        zlib.compress(source, 3),
        made,
    )


def prepared_passage(passage: Passage) -> PreparedPassage:
    """Return a passage with its key and its counted words."""
    lengths, counts = terms.count(passage)
    return PreparedPassage(passage_key(passage), passage, lengths, counts)


def passage_key(passage: Passage) -> bytes:
    """Return the hash of a passage's text."""
    fields = (passage.name, passage.signature, passage.doc, passage.body)
    return hashlib.sha256("\0".join(fields).encode("utf-8", "surrogatepass")).digest()


def unpack_facts(blob: bytes) -> FileFacts:
    """Return the facts of a stored content."""
    return _facts_decoder.decode(zlib.decompress(blob))


def pack_outline(outline: Outline) -> bytes:
    """Return the stored form of an outline."""
    return zlib.compress(_encoder.encode(outline), 3)


def unpack_outline(blob: bytes) -> Outline:
    """Return the outline of a stored content."""
    return _outline_decoder.decode(zlib.decompress(blob))


def unpack_source(blob: bytes) -> bytes:
    """Return the UTF-8 source of a stored content."""
    return zlib.decompress(blob)


def body_hashes(facts: FileFacts, source: bytes) -> Sequence[int]:
    """Return for each symbol a 63-bit hash of its text apart from its own name; 0 where too short."""
    hashes = []
    for symbol in facts.symbols:
        text = source[symbol.name_span.end_byte or symbol.span.start_byte : symbol.span.end_byte]
        if symbol.kind in ("module", "section") or len(text) < _MIN_BODY_BYTES:
            hashes.append(0)
            continue
        name = re.escape(symbol.name.encode())
        text = re.sub(rb"\b" + name + rb"\b", b"\0", text) if symbol.name else text
        text = b" ".join(text.split())
        hashes.append(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1)
    return hashes
