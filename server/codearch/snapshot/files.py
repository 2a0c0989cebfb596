"""What the index knows of files: their rows, sources and facts, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codearch.facts import File, FileFacts
from codearch.index.contents import unpack_source
from codearch.snapshot.reader import FACTS_KEPT
from codearch.store.schema import rule_number

if TYPE_CHECKING:
    from collections import OrderedDict
    from collections.abc import Sequence

    from codearch.store.database import Connection

_FILES = "SELECT id, path, language, digest, size, lines, errors, generated, test FROM visible"
_WAITING = (  # passages without their vector first: mostly there are none
    "SELECT DISTINCT f.id, h.position FROM passages p CROSS JOIN holders h ON h.passage = p.id"
)


def files(db: Connection, language: str | None, under: str) -> list[File]:
    """Return the indexed files by path, all or those of a language or below a folder."""
    folder = under.rstrip("/")
    # "0" comes after "/": what lies between is below the folder
    where = " WHERE path > :folder || '/' AND path < :folder || '0'" if folder else ""
    rows = db.execute(f"{_FILES}{where} ORDER BY path", {"folder": folder} if folder else {})
    return [_file(row) for row in rows if language is None or row[2] == language]


def digests(db: Connection) -> dict[str, str]:
    """Return the digest of each indexed file's content, by path."""
    rows = db.execute("SELECT path, digest FROM visible ORDER BY path")
    return {path: digest.hex() for path, digest in rows}


def file(db: Connection, path: str) -> File | None:
    """Return one file, None where it is not indexed."""
    row = db.execute(f"{_FILES} WHERE path = ?", (path,)).fetchone()
    return _file(row) if row else None


def generations(db: Connection, path: str | None = None) -> dict[str, int]:
    """Return the generation in which each file, or one, was written last."""
    where, values = ("", ()) if path is None else (" WHERE path = ?", (path,))
    return dict(db.execute(f"SELECT path, generation FROM visible{where}", values).fetchall())


def skipped(db: Connection) -> dict[str, str]:
    """Return the files that were left out on purpose, with the reason."""
    return dict(db.execute("SELECT path, reason FROM skipped").fetchall())


def counts(db: Connection) -> tuple[int, int, int]:
    """Return how many files and symbols there are, and how many symbols wait for a vector."""
    return (
        _number(db, "SELECT count(*) FROM visible"),
        _number(db, "SELECT coalesce(sum(symbols), 0) FROM visible"),
        _number(
            db,
            f"SELECT count(*) FROM ({_WAITING} CROSS JOIN visible f ON f.content = h.content"
            " WHERE p.embedded = 0)",
        ),
    )


def counts_below(db: Connection, folder: str) -> tuple[int, int, int]:
    """Return how many files, symbols, and symbols without their vector a folder holds."""
    inside = "f.session = 0 AND f.path >= :folder || '/' AND f.path < :folder || '0'"
    return (
        _number(db, f"SELECT count(*) FROM main.files f WHERE {inside}", folder=folder),
        _number(
            db,
            f"SELECT coalesce(sum(f.symbols), 0) FROM main.files f WHERE {inside}",
            folder=folder,
        ),
        _number(
            db,
            f"SELECT count(*) FROM ({_WAITING} CROSS JOIN main.files f ON f.content = h.content"
            f" WHERE p.embedded = 0 AND {inside})",
            folder=folder,
        ),
    )


def unchecked(db: Connection) -> int:
    """Return how many files wait for the rules, so that findings of theirs may be missing."""
    return _number(db, "SELECT count(*) FROM visible WHERE checked = 0")


def source(db: Connection, path: str) -> bytes:
    """Return the UTF-8 text that the facts' spans refer to; empty where it is not indexed."""
    row = db.execute(
        "SELECT s.source FROM visible f JOIN sources s ON s.content = f.content WHERE f.path = ?",
        (path,),
    ).fetchone()
    return unpack_source(row[0], db) if row else b""


def code(db: Connection, path: str) -> bytes:
    """Return what stands for a file's code; empty where it is not indexed."""
    from codearch.index.shape import code_of  # noqa: PLC0415 - see `facts`

    row = db.execute(
        "SELECT c.shape FROM visible f JOIN contents c ON c.id = f.content WHERE f.path = ?",
        (path,),
    ).fetchone()
    return code_of(row[0]) if row else b""


def facts(db: Connection, cache: OrderedDict[int, FileFacts], path: str) -> FileFacts:
    """Return what was parsed of a file; empty facts where it is not indexed."""
    row = db.execute("SELECT content FROM visible WHERE path = ?", (path,)).fetchone()
    if row is None:
        return FileFacts(language="text")
    found = cache.get(row[0])
    if found is not None:
        cache.move_to_end(row[0])
        return found
    # numpy takes 0.1 s to import, and most requests ask for no facts.
    from codearch.index.unpacking import read_facts  # noqa: PLC0415

    found, _ = read_facts(db, row[0])
    cache[row[0]] = found
    if len(cache) > FACTS_KEPT:
        cache.popitem(last=False)
    return found


def extracts(db: Connection, rule: str) -> dict[str, bytes]:
    """Return what is kept of all files for a rule, by path."""
    return dict(
        db.execute(
            "SELECT f.path, e.data FROM extracts e JOIN files f ON f.id = e.file"
            " WHERE e.rule = ? AND f.session = 0",
            (rule_number(rule),),
        ).fetchall()
    )


def extract(db: Connection, rule: str, path: str) -> bytes:
    """Return what is kept of one file for a rule, b"" for nothing."""
    row = db.execute(
        "SELECT e.data FROM files f JOIN extracts e ON e.file = f.id AND e.rule = ?"
        " WHERE f.path = ? AND f.session = 0",
        (rule_number(rule), path),
    ).fetchone()
    return row[0] if row else b""


def _number(db: Connection, query: str, **values: str) -> int:
    return int(db.execute(query, values).fetchone()[0])


def _file(row: Sequence[Any]) -> File:
    number, path, language, digest, size, lines, errors, generated, test = row
    flags = bool(generated), bool(test)
    return File(number, path, language, digest.hex(), size, lines, errors, *flags)
