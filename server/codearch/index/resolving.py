"""Names become edges: what files import and call, looked up in the whole workspace."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codearch.graph import Place, Resolution, Resolver, StoppedError
from codearch.graph.workspace import CONFIG_SUFFIXES
from codearch.index.contents import unpack_outline, unpack_source
from codearch.index.edges import check_again, forget_edges, imported, store_edges
from codearch.index.unpacking import read_facts
from codearch.store.database import transaction
from codearch.store.schema import CALL_KINDS, INHERIT, KIND_NUMBERS, SYMBOL_KINDS, TEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from codearch.facts import FileFacts, Span
    from codearch.graph import Outline
    from codearch.index.edges import CallRow, ImportRow
    from codearch.store.database import Connection

    Row = tuple[int, str, int]  # file, path, content

_NO_DEFINITIONS = f"{KIND_NUMBERS['module']}, {KIND_NUMBERS['section']}"
_OUTLINES_KEPT = 4_000
_BATCH_FILES = 50
_REMEMBERED_FILES = 10 * _BATCH_FILES  # then it begins anew: what they asked fills memory
_MOST_PUT_OFF = 3  # times


class StoredWorkspace:
    """The workspace as resolution asks for it, read from the store, as one session sees it."""

    def __init__(self, connection: Connection, session: int = 0) -> None:
        self._db = connection
        self._session = session
        query = "SELECT path, id FROM files WHERE session = ?"
        self._on_disk: dict[str, int] = dict(connection.execute(query, (0,)).fetchall())
        buffers: dict[str, int] = dict(connection.execute(query, (session,)).fetchall())
        self._files = self._on_disk | buffers if session else self._on_disk
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._files):
            folder, _, name = path.rpartition("/")
            self._by_name[name].append(path)
            self._by_folder[folder].append(path)
        self._outlines: OrderedDict[str, Outline | None] = OrderedDict()
        self._uids: dict[str, list[int]] = {}
        self._places: dict[str, list[Place]] = {}

    def has(self, path: str) -> bool:
        """Say whether this file is indexed."""
        return path in self._files

    def outline(self, path: str) -> Outline | None:
        """Return the file's outline, None where it is not indexed."""
        if path in self._outlines:
            self._outlines.move_to_end(path)
            return self._outlines[path]
        number = self._files.get(path)
        if number is None:
            return None
        row = self._db.execute(
            "SELECT c.outline FROM files f JOIN contents c ON c.id = f.content WHERE f.id = ?",
            (number,),
        ).fetchone()
        outline = unpack_outline(row[0], self._db) if row else None
        self._outlines[path] = outline
        if len(self._outlines) > _OUTLINES_KEPT:
            self._outlines.popitem(last=False)
        return outline

    def paths_ending(self, suffix: str) -> Sequence[str]:
        """Return the files whose last path components are `suffix`."""
        found = self._by_name.get(suffix.rpartition("/")[2], [])
        if "/" not in suffix:
            return found
        ending = "/" + suffix
        return [path for path in found if path == suffix or path.endswith(ending)]

    def paths_in(self, folder: str) -> Sequence[str]:
        """Return the files directly in `folder`."""
        return self._by_folder.get(folder, [])

    def declaring(self, package: str) -> Sequence[str]:
        """Return the files that declare this package."""
        rows = self._db.execute(
            "SELECT DISTINCT path FROM files WHERE package = ? AND session IN (0, ?) ORDER BY path",
            (package, self._session),
        )
        return [row[0] for row in rows]

    def defining(self, name: str) -> Sequence[Place]:
        """Return the symbols of this name, modules and sections left out."""
        places = self._places.get(name)
        if places is None:
            rows = self._db.execute(
                "SELECT f.path, s.position, s.kind, s.container, f.language, f.id"
                " FROM symbols s JOIN files f ON f.id = s.file"
                " WHERE s.name = :name COLLATE NOCASE AND s.name = :name"
                f" AND s.kind NOT IN ({_NO_DEFINITIONS}) AND f.session IN (0, :session)"
                " ORDER BY f.path, s.position",
                {"name": name, "session": self._session},
            )
            places = [
                Place(path, position, SYMBOL_KINDS[kind], container, language)
                for path, position, kind, container, language, file in rows
                if self._files.get(path) == file
            ]
            self._places[name] = places
        return places

    def config(self, path: str) -> str | None:
        """Return the text of an indexed configuration file."""
        number = self._files.get(path)
        if number is None or not path.endswith(CONFIG_SUFFIXES):
            return None
        row = self._db.execute(
            "SELECT s.source FROM files f JOIN sources s ON s.content = f.content WHERE f.id = ?",
            (number,),
        ).fetchone()
        return unpack_source(row[0], self._db).decode("utf-8", "replace") if row else None

    def number(self, path: str) -> int:
        """Return the number by which edges name an indexed file: it outlives a buffer."""
        return self._on_disk.get(path) or self._files[path]

    def uids(self, path: str) -> list[int]:
        """Return the uids of a file's symbols, in their order."""
        found = self._uids.get(path)
        if found is None:
            rows = self._db.execute(
                "SELECT uid FROM symbols WHERE file = ? ORDER BY position", (self._files.get(path),)
            )
            found = [row[0] for row in rows]
            self._uids[path] = found
        return found


def _never() -> bool:
    return False


def _unguarded(_connection: Connection, _path: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass
class Resolving:
    """Resolves the files that wait for it, beside other work.

    `stop` is asked after each file and in the middle of long ones, `guarded` runs around each
    file's resolution and may keep what it raises, and `put_off` counts how often each file was
    given up half done: one that was so several times is done to its end.
    """

    stop: Callable[[], bool] = _never
    progress: Callable[[int, int], None] = lambda _done, _total: None
    guarded: Callable[[Connection, str], AbstractContextManager[None]] = _unguarded
    put_off: Counter[int] = field(default_factory=Counter)

    def resolve_pending(self, connection: Connection, session: int = 0) -> int:
        """Resolve what waits in a session, in small commits; return how many files were done."""
        waiting = connection.execute(
            "SELECT id, path, content FROM files WHERE resolved = 0 AND session = ? ORDER BY id",
            (session,),
        ).fetchall()
        if not waiting:
            return 0
        workspace, resolver = _looked_up(connection, session)
        done = 0
        while done < len(waiting) and not self.stop():
            with transaction(connection):
                for row in waiting[done : done + _BATCH_FILES]:
                    facts, source = read_facts(connection, row[2])
                    try:
                        resolution = self._resolve(connection, resolver, row, facts)
                    except StoppedError:
                        self.put_off[row[0]] += 1
                        break
                    before = imported(connection, row[0])
                    _store(connection, workspace, row, facts, resolution)
                    # Where its text is another one, nothing is left of what it had imported.
                    check_again(connection, before ^ imported(connection, row[0]), source)
                    del self.put_off[row[0]]
                    done += 1
                    if self.stop():  # a saved file waits for part of one other, never for fifty
                        break
            self.progress(done, len(waiting))
            if done % _REMEMBERED_FILES == 0:
                workspace, resolver = _looked_up(connection, session)
        return done

    def _resolve(
        self, connection: Connection, resolver: Resolver, row: Row, facts: FileFacts
    ) -> Resolution:
        file, path, _ = row
        may_stop = self.stop if self.put_off[file] < _MOST_PUT_OFF else _never
        with self.guarded(connection, path):
            return resolver.resolve(path, facts, may_stop)
        # It failed: it is tried again when it, or what it has asked for, has changed.
        return Resolution(asked=resolver.asked)


def _looked_up(connection: Connection, session: int) -> tuple[StoredWorkspace, Resolver]:
    workspace = StoredWorkspace(connection, session)
    return workspace, Resolver(workspace)


def _store(
    connection: Connection,
    workspace: StoredWorkspace,
    row: Row,
    facts: FileFacts,
    resolution: Resolution,
) -> None:
    file, path, _ = row
    forget_edges(connection, file)
    store_edges(
        connection,
        file,
        _import_rows(file, path, resolution, workspace.number),
        _call_rows(file, facts, resolution, workspace.uids(path), workspace.uids),
        resolution.asked,
    )
    connection.execute("UPDATE files SET resolved = 1, checked = 0 WHERE id = ?", (file,))


def _call_rows(
    file: int,
    facts: FileFacts,
    resolution: Resolution,
    own: Sequence[int],
    uids: Callable[[str], list[int]],
) -> Iterator[CallRow]:
    """Yield the calls of a file, then what its types inherit from and what its tests test."""
    found: list[tuple[int, str, int, int, float, Span]] = []
    for call in resolution.calls:
        fact = facts.calls[call.index]
        kind = CALL_KINDS.index(fact.kind)
        found.append((fact.caller, call.path, call.symbol, kind, call.confidence, fact.span))
    for base in resolution.bases:
        span = facts.symbols[base.symbol].name_span
        found.append((base.symbol, base.path, base.base, INHERIT, base.confidence, span))
    for test in resolution.tests:
        span = facts.symbols[test.symbol].name_span
        found.append((test.symbol, test.path, test.tested, TEST, test.confidence, span))
    for symbol, path, index, kind, confidence, span in found:
        targets = uids(path)
        if index < len(targets):
            width = span.end_column - span.column
            place = span.line, span.column, width
            percent = round(100 * confidence)
            yield file, targets[index], span.start_byte, kind, own[symbol], *place, percent


def _import_rows(
    file: int, path: str, resolution: Resolution, number: Callable[[str], int]
) -> Iterator[ImportRow]:
    for found in resolution.imports:
        for target in found.targets:
            if target != path:
                yield file, found.index, number(target), found.deferred
    for target in resolution.neighbours:
        if target != path:
            yield file, -1, number(target), True
