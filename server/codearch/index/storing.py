"""Contents, passages and words: what is stored once, whatever files have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from codearch.index import terms
from codearch.index.contents import pack_outline, unpack_outline, unpack_source
from codearch.index.numbering import read_words, write_words
from codearch.index.prepare import body_hashes, prepared_passages
from codearch.index.unpacking import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.facts import FileFacts, Passage
    from codearch.graph.outline import Outline
    from codearch.index.prepare import Prepared, PreparedPassage
    from codearch.store.database import Connection

CHUNK = 500  # bound parameters a statement; SQLite's oldest limit is 999


class Written(msgspec.Struct):
    """What a batch did: the new generation and the passages that have no vector yet."""

    generation: int
    files: int = 0
    symbols: int = 0
    reused_passages: int = 0
    fresh: dict[int, Passage] = {}
    facts: dict[int, FileFacts] = {}  # of new contents, by their numbers
    paths: list[str] = []


class Content(msgspec.Struct):
    """A stored content, as far as its files need it."""

    id: int
    facts: FileFacts
    outline: Outline
    bodies: list[int]
    shape: bytes


class ContentStore:
    """Stores contents and finds them again; it knows the number of every word."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._terms = {word: number for number, word in read_words(connection)}
        self._new_terms: list[str] = []

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return which of these contents are stored."""
        return {row[0] for row in select_in(self._db, "SELECT key FROM contents WHERE key", keys)}

    def store(self, prepared: Prepared, written: Written) -> Content:
        """Store a content, or find it where it is stored already."""
        ids = self._passage_ids(prepared.passages, written)
        cursor = self._db.execute(
            "INSERT INTO contents"
            " (key, used, shape, passages, remarks, said, outline, words)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET used = excluded.used RETURNING id",
            (
                prepared.key,
                written.generation,
                prepared.shape,
                msgspec.msgpack.encode(ids),
                prepared.remarks,
                prepared.said,
                pack_outline(prepared.outline),
                terms.pack(prepared.words, self._term),
            ),
        )
        number = int(cursor.fetchone()[0])
        for table, blob in (("sources", prepared.source_blob), ("parsed", prepared.facts_blob)):
            self._db.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (number, blob))
        self._hold(number, ids)
        written.facts[number] = prepared.facts
        return Content(number, prepared.facts, prepared.outline, prepared.bodies, prepared.shape)

    def load(self, key: bytes, written: Written) -> Content:
        """Return a stored content, its passages made again where they were swept."""
        row = self._db.execute(
            "UPDATE contents SET used = ? WHERE key = ? RETURNING id, outline, passages, shape",
            (written.generation, key),
        ).fetchone()
        number, outline_blob, passages_blob, shape = row
        facts, source = read_facts(self._db, number)
        ids = msgspec.msgpack.decode(passages_blob, type=list[list[int]])
        flat = sorted({each for part in ids for each in part})
        states = dict(select_in(self._db, "SELECT id, embedded FROM passages WHERE id", flat))
        if len(states) != len(flat):  # swept: made again from the content
            ids = self._passage_ids(prepared_passages(facts, source), written)
            self._db.execute(
                "UPDATE contents SET passages = ? WHERE id = ?",
                (msgspec.msgpack.encode(ids), number),
            )
            self._hold(number, ids)
        else:
            written.reused_passages += len(flat)
        bodies = body_hashes(facts, source)
        outline = unpack_outline(outline_blob, self._db)
        return Content(number, facts, outline, bodies, shape)

    def facts(self, number: int) -> FileFacts:
        """Return what was parsed of a content."""
        return read_facts(self._db, number)[0]

    def source(self, number: int) -> bytes:
        """Return the UTF-8 source of a content."""
        row = self._db.execute("SELECT source FROM sources WHERE content = ?", (number,)).fetchone()
        return unpack_source(row[0], self._db)

    def _passage_ids(self, made: list[list[PreparedPassage]], written: Written) -> list[list[int]]:
        """Return the passages' ids by symbol, storing the unseen."""
        unique = {each.key: each for part in made for each in part}
        ids: dict[int, int] = {
            key: number
            for number, key in select_in(
                self._db, "SELECT id, key FROM passages WHERE key", list(unique)
            )
        }
        written.reused_passages += len(ids)
        for key, each in unique.items():
            if key in ids:
                continue
            cursor = self._db.execute("INSERT INTO passages (key) VALUES (?)", (key,))
            number = int(cursor.lastrowid or 0)
            ids[key] = number
            written.fresh[number] = each.passage
        return [[ids[each.key] for each in part] for part in made]

    def _hold(self, content: int, ids: list[list[int]]) -> None:
        """Note which symbols of a content have which passages."""
        self._db.executemany(
            "INSERT OR IGNORE INTO holders VALUES (?, ?, ?)",
            [(each, content, position) for position, part in enumerate(ids) for each in part],
        )

    def _term(self, word: str) -> int:
        number = self._terms.get(word)
        if number is None:
            number = len(self._terms) + 1
            self._terms[word] = number
            self._new_terms.append(word)
        return number

    def write_words(self) -> None:
        """Store the words that are new; within the transaction that uses them."""
        if self._new_terms:
            first = len(self._terms) - len(self._new_terms) + 1
            write_words(self._db, first, self._new_terms)

    def words_are_written(self) -> None:
        """Forget which words are new, after the commit: what failed is stored by the next one."""
        self._new_terms.clear()


def select_in(
    connection: Connection, select: str, values: Sequence[object]
) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of a statement that ends before "IN (...)"."""
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        marks = ",".join("?" * len(chunk))
        yield from connection.execute(f"{select} IN ({marks})", chunk)
