"""What lies on disk or in a buffer goes into the store, and only what changed is parsed."""

from __future__ import annotations

import hashlib
import os
import time
from collections import defaultdict, deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

from codearch import languages
from codearch.index.content import Entry, Source, read, refused_by_content, refused_by_name
from codearch.index.ignore import Ignore
from codearch.index.listing import Listing, listing
from codearch.index.prepare import Prepared, content_key, prepare
from codearch.index.test_paths import is_test_path
from codearch.index.writer import Incoming
from codearch.settings import is_whole_disk
from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.indexer.workshop import Workshop

BULK_BYTES = 400_000  # more than this to parse goes to the workers
_CHUNK_BYTES = 400_000
_BATCH_FILES = 64
_MOST_FILES = 256  # of one commit: an edit waits until it is written
_HELD_SECONDS = 1.0  # that what workers have finished waits for more, at most
_DOUBTFUL_NS = (
    2_000_000_000  # a file changed this shortly before it was read may have changed since
)
_MOST_MOVED = 4 * _BATCH_FILES  # files that are looked for under another name at once


class _State(NamedTuple):
    """What the store knows of a file on disk."""

    size: int
    mtime_ns: int
    inode: int
    seen_ns: int


class _Read:
    """A file that was read and waits to be written."""

    __slots__ = ("data", "digest", "entry", "key", "language", "seen_ns")

    def __init__(self, source: Source, language: str, seen_ns: int) -> None:
        self.entry = source.entry
        self.data = source.data
        self.language = language
        self.seen_ns = seen_ns
        self.digest = hashlib.sha256(source.data).digest()
        self.key = content_key(source.data, language)


class Intake:
    """Compares the disk with the store and writes the difference; the engine's thread alone."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self.scanned = False
        self.files_read = 0  # since the start, also those that had not changed
        self.parsed = 0  # contents, since the start
        self.removed = 0
        self.reused = 0  # passages
        self.problem = ""
        self._queue: deque[str] = deque()  # bulk: files that changed, still to be read
        self._flying: dict[Future[list[Prepared]], list[_Read]] = {}
        self._finished: list[tuple[list[_Read], list[Prepared]]] = []  # to be written together
        self._suspects: list[_Read] = []  # a worker died of one of them, or by another hand
        self._alone: Future[list[Prepared]] | None = None  # a suspect that nothing flies beside
        self._crashed: set[bytes] = set()  # contents of which a worker has died once, all alone
        self._held_since = 0.0  # on the monotonic clock
        self._total = 0
        self._buffers_alone = is_whole_disk(shop.root)
        self.ignore = Ignore(shop.root)
        self.configure()

    def configure(self) -> None:
        """Take new settings over."""
        settings = self._shop.settings
        self.ignore.configure(settings.index.exclude, settings.files.exclude)
        self._max_bytes = settings.index.max_file_kb * 1024

    @property
    def errors(self) -> int:
        """Return how many files could not be read."""
        return self.skipped_by_reason().get("unreadable", 0)

    @property
    def reading(self) -> bool:
        """Whether files that changed are still to be read, or to come back from workers."""
        return bool(self._queue or self._underway())

    # --- single files and buffers ------------------------------------------------------------

    def take(self, paths: Sequence[str]) -> list[str]:
        """Look at some files that were touched; return those that changed in the index."""
        if self._buffers_alone:
            return []
        if any(Ignore.is_source(path) for path in paths):
            self.ignore.refresh()
            self.scan()
            return []
        if len(paths) > _MOST_MOVED:
            self.scan()
            return []
        self._recall(self._flying_at(set(paths)))
        listed = self._listed(paths)
        wanted = [path for path in paths if path in listed]
        self._welcome(self._skipped_below(paths))
        return self._store(wanted, self._known_below(paths, listed))

    def overlay(self, session: int, path: str, text: str | None) -> list[str]:
        """Write what a buffer holds, or forget it; return the paths that changed by it."""
        writer = self._shop.writer
        if text is None:
            row = self._shop.connection.execute(
                "SELECT 1 FROM files WHERE path = ? AND session = ?", (path, session)
            ).fetchone()
            if row is None:
                return []
            writer.write([], [path], session)
            return [path]
        data = text.encode("utf-8", "surrogatepass")
        language = languages.by_path(path, data[:200])
        if language is None:
            return []
        now = time.time_ns()
        source = Source(Entry(path, len(data), now, 0), data)
        self._write([_Read(source, language.name, now)], [], session)
        return [path]

    # --- the whole disk ----------------------------------------------------------------------

    def scan(self) -> None:
        """Compare the disk with the store, remove what is gone and queue what changed."""
        found = Listing() if self._buffers_alone else self._listing()
        known: dict[str, _State] = {
            path: _State(*state)
            for path, *state in self._shop.connection.execute(
                "SELECT path, size, mtime_ns, inode, seen_ns FROM files WHERE session = 0"
            )
        }
        self._note_skipped(found)
        refused = set(
            self._shop.connection.execute(
                "SELECT path, size, mtime_ns FROM skipped WHERE size >= 0"
            )
        )
        changed = [
            entry.path
            for entry in found.entries
            if (entry.path, entry.size, entry.mtime_ns) not in refused
            and _differs(entry, known.get(entry.path))
        ]
        listed = {entry.path for entry in found.entries}
        self._welcome([path for path, _, _ in refused if path not in listed])
        gone = [path for path in known if path not in listed]
        flying = self._still_flying(found)
        self._queue = deque(path for path in changed if path not in flying)
        if gone:
            # Together with what appeared: a file that moved keeps its symbols' identity.
            sizes = {known[path].size for path in gone}
            arrived = [
                entry
                for entry in found.entries
                if entry.path not in known and (entry.size in sizes or len(changed) <= _BATCH_FILES)
            ]
            chosen = {entry.path for entry in arrived}
            self._queue = deque(path for path in self._queue if path not in chosen)
            for come, left in _moves(arrived, {path: known[path].size for path in gone}):
                self._store(come, left)
        self._total = len(self._queue)
        self.problem = str(found.problem) if found.problem is not None else ""
        self.scanned = True

    def _listing(self) -> Listing:
        return listing(self._shop.root, self.ignore, self._max_bytes // 1024)

    def pump(self) -> bool:
        """Do one step of bulk work: write what workers have done, read and hand out more."""
        if self._collect():
            return True
        if not self._queue:
            return not self._flying and self._try_suspect()
        if len(self._flying) >= 2 * self._shop.workers.count:
            return False
        batch = [self._queue.popleft() for _ in range(min(self._portion(), len(self._queue)))]
        self._store(batch, [], bulk=len(self._queue) > 0)
        self._shop.progress.note("reading", self._total - len(self._queue), self._total)
        return True

    def _portion(self) -> int:
        """Return how many files one commit takes: first answers soon, and few commits in all."""
        begun = self._total - len(self._queue)
        return min(_MOST_FILES, max(_BATCH_FILES, begun // 4))

    # --- inside ------------------------------------------------------------------------------

    def _store(self, paths: Sequence[str], gone: Sequence[str], *, bulk: bool = False) -> list[str]:
        """Read files and write those whose content is new; with `bulk`, workers parse them."""
        sources, lost = self._read(paths)
        sources, same = self._unchanged(sources)
        if same:
            self._shop.writer.restat(same)
        unknown = self._unknown(sources)
        if bulk or sum(len(each.data) for each in unknown) > BULK_BYTES:
            self._hand_out(unknown)
            waiting = {each.entry.path for each in unknown}
            sources = [each for each in sources if each.entry.path not in waiting]
        return self._write(sources, self._present([*gone, *lost]))

    def _read(self, paths: Sequence[str]) -> tuple[list[_Read], list[str]]:
        """Return the files that can be read and are worth it, and the paths of the others."""
        seen = time.time_ns()
        sources: list[_Read] = []
        lost: list[str] = []
        refused: dict[Entry, str] = {}
        welcome: list[str] = []
        self.files_read += len(paths)
        for path in paths:
            source = read(self._shop.root, path, self._max_bytes)
            if not isinstance(source, Source):
                lost.append(path)
                if source == "gone":
                    welcome.append(path)
                else:
                    refused[Entry(path, -1, 0, 0)] = source
                continue
            reason = refused_by_name(path) or refused_by_content(path, source.data)
            language = None if reason else languages.by_path(path, source.data[:4096])
            if language is None:
                lost.append(path)
                refused[source.entry] = reason or "binary"
            else:
                sources.append(_Read(source, language.name, seen))
                welcome.append(path)
        self._refuse(refused)
        self._welcome(welcome)
        return sources, lost

    def _write(self, sources: list[_Read], gone: list[str], session: int = 0) -> list[str]:
        """Parse what is unknown here and now, and write all of it as one commit."""
        if not sources and not gone:
            return []
        unknown = {each.key for each in self._unknown(sources)}
        done: dict[bytes, Prepared] = {}
        for each in sources:
            if each.key in unknown and each.key not in done:
                done[each.key] = prepare(each.data, each.language)
        return self._commit(sources, done, gone, session)

    def _commit(
        self,
        sources: Sequence[_Read],
        done: dict[bytes, Prepared],
        gone: list[str],
        session: int = 0,
    ) -> list[str]:
        incoming = [
            Incoming(
                each.entry.path, each.language, each.key, each.digest, each.entry.size,
                each.entry.mtime_ns, each.entry.inode, each.seen_ns,
                is_test_path(each.entry.path), done.get(each.key),
            )
            for each in sources
        ]  # fmt: skip
        written = self._shop.writer.write(incoming, gone, session)
        self._shop.embedder.remember(written.fresh)
        self.parsed += len(done)
        self.reused += written.reused_passages
        if session == 0:
            self.removed += len(gone)
        return written.paths

    def _hand_out(self, unknown: Sequence[_Read]) -> None:
        """Give contents to the workers in chunks of about equal size."""
        chunk: list[_Read] = []
        size = 0
        for each in unknown:
            chunk.append(each)
            size += len(each.data)
            if size >= _CHUNK_BYTES:
                self._submit(chunk)
                chunk, size = [], 0
        if chunk:
            self._submit(chunk)

    def _submit(self, chunk: list[_Read]) -> None:
        future = self._shop.workers.submit([(each.data, each.language) for each in chunk])
        self._flying[future] = chunk
        self._alone = None
        future.add_done_callback(lambda _: self._shop.wake())

    def _flying_at(self, paths: set[str]) -> set[str]:
        """Return which files that workers have are these, or have gone with a folder of these."""
        flying = {each.entry.path for chunk in self._underway() for each in chunk}
        return {
            path
            for path in flying
            if path in paths
            or (not paths.isdisjoint(_folders_of(path)) and not (self._shop.root / path).is_file())
        }

    def _still_flying(self, found: Listing) -> set[str]:
        """Return which files workers have as they are on disk; the others are recalled."""
        flying = {each.entry.path: each for chunk in self._underway() for each in chunk}
        if not flying:
            return set()
        present = {entry.path: entry for entry in found.entries if entry.path in flying}
        outdated = {
            path
            for path, each in flying.items()
            if path not in present or _differs(present[path], _State(*each.entry[1:], each.seen_ns))
        }
        self._recall(outdated)
        return flying.keys() - outdated

    def _recall(self, paths: set[str]) -> None:
        """Take no notice of what workers make of these files: they have changed since.

        Else what was read first would be written last.
        """
        for chunk in self._underway() if paths else ():
            chunk[:] = [each for each in chunk if each.entry.path not in paths]

    def _collect(self) -> bool:
        """Write what workers have finished once it is worth a commit; return whether it was."""
        for future in [future for future in self._flying if future.done()]:
            chunk = self._flying.pop(future)
            if future.exception() is not None:
                self._after_crash(chunk, alone=future is self._alone)
                continue
            if not self._finished:
                self._held_since = time.monotonic()
            self._finished.append((chunk, future.result()))
        if not self._finished or not self._worth_a_commit():
            return False
        finished, self._finished = self._finished, []
        sources = [each for chunk, _ in finished for each in chunk]
        done = {each.key: each for _, prepared in finished for each in prepared}
        if sources:
            self._commit(sources, done, [])
        return True

    def _worth_a_commit(self) -> bool:
        if not self._flying and not self._queue:
            return True
        if time.monotonic() - self._held_since > _HELD_SECONDS:
            return True
        return sum(len(chunk) for chunk, _ in self._finished) >= self._portion()

    def _underway(self) -> list[list[_Read]]:
        """Return the chunks that are with workers, go there again, or wait to be written."""
        chunks = [*self._flying.values(), *(chunk for chunk, _ in self._finished)]
        return [*chunks, self._suspects] if self._suspects else chunks

    def abandon(self) -> None:
        """Give bulk work up; what was not read is found again by the next scan."""
        self._queue.clear()
        self._flying.clear()
        self._finished.clear()
        self._suspects.clear()
        self._shop.workers.close()

    def _after_crash(self, chunk: list[_Read], *, alone: bool) -> None:
        """A worker died: leave out what kills workers twice with nothing else beside it.

        All that flies falls with one worker, and the system kills any when memory is short.
        """
        for each in chunk:
            if not alone or each.key not in self._crashed:
                self._crashed |= {each.key} if alone else set()
                self._suspects.append(each)
                continue
            self.problem = f"{each.entry.path} crashes its parser and is left out."
            self._refuse({each.entry: "crashes the parser"})

    def _try_suspect(self) -> bool:
        """Have one content parsed with nothing beside it; return whether there was one."""
        if not self._suspects:
            self._shop.workers.close()  # their memory is wanted for what comes next
            return False
        self._submit([self._suspects.pop(0)])
        self._alone = next(iter(self._flying))
        return True

    def _note_skipped(self, found: Listing) -> None:
        """Keep what was left out by name or state; what content told is kept until it changes."""
        connection = self._shop.connection
        rows = [(path, reason, -1, 0) for path, reason in found.skipped.items()]
        stored = connection.execute(
            "SELECT path, reason, size, mtime_ns FROM skipped WHERE size < 0"
        )
        if set(rows) == set(stored):
            return
        with transaction(connection):
            connection.execute("DELETE FROM skipped WHERE size < 0")
            connection.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)", rows)

    def _refuse(self, refused: dict[Entry, str]) -> None:
        """Keep what content told against a file, so that it is not read again until it changes."""
        if not refused:
            return
        with transaction(self._shop.connection):
            self._shop.connection.executemany(
                "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)",
                [(each.path, reason, each.size, each.mtime_ns) for each, reason in refused.items()],
            )

    def _welcome(self, paths: Sequence[str]) -> None:
        """Forget what was against these files: they are gone, or another content is there."""
        connection = self._shop.connection
        held = [
            (path,)
            for path in paths
            if connection.execute("SELECT 1 FROM skipped WHERE path = ?", (path,)).fetchone()
        ]
        if held:
            with transaction(connection):
                connection.executemany("DELETE FROM skipped WHERE path = ?", held)

    def skipped_by_reason(self) -> dict[str, int]:
        """Return how many files are left out, by reason."""
        rows = self._shop.connection.execute("SELECT reason, count(*) FROM skipped GROUP BY reason")
        return dict(rows.fetchall())

    def _listed(self, paths: Sequence[str]) -> set[str]:
        """Return which of these are files that are indexed, as far as rules and names tell."""
        root = self._shop.root
        return {path for path in paths if not self.ignore.ignored(path) and (root / path).is_file()}

    def _skipped_below(self, paths: Sequence[str]) -> list[str]:
        """Return the files that were left out and are gone with these paths, files or folders."""
        gone: list[str] = []
        for path in paths:
            rows = self._shop.connection.execute(
                "SELECT path FROM skipped WHERE path = :path OR"
                " (path >= :path || '/' AND path < :path || '0')",
                {"path": path},
            )
            gone += [row[0] for row in rows if not os.path.lexists(self._shop.root / row[0])]
        return gone

    def _known_below(self, paths: Sequence[str], listed: set[str]) -> list[str]:
        """Return the indexed files that are gone with these paths, files or folders."""
        gone: list[str] = []
        for path in paths:
            if path in listed:
                continue
            rows = self._shop.connection.execute(
                "SELECT path FROM files WHERE session = 0 AND (path = :path OR"
                " (path >= :path || '/' AND path < :path || '0'))",
                {"path": path},
            )
            root = self._shop.root
            gone += [row[0] for row in rows if row[0] == path or not (root / row[0]).is_file()]
        return gone

    def _present(self, paths: Sequence[str]) -> list[str]:
        """Return which of these the index has."""
        rows = (
            self._shop.connection.execute(
                "SELECT path FROM files WHERE session = 0 AND path = ?", (path,)
            ).fetchone()
            for path in dict.fromkeys(paths)
        )
        return [row[0] for row in rows if row is not None]

    def _unchanged(
        self, sources: Sequence[_Read]
    ) -> tuple[list[_Read], list[tuple[int, int, int, int, str]]]:
        """Part what has new content from what was only touched."""
        changed: list[_Read] = []
        same: list[tuple[int, int, int, int, str]] = []
        for each in sources:
            row = self._shop.connection.execute(
                "SELECT f.digest, c.key FROM files f JOIN contents c ON c.id = f.content"
                " WHERE f.session = 0 AND f.path = ?",
                (each.entry.path,),
            ).fetchone()
            if row is not None and row[0] == each.digest and row[1] == each.key:
                entry = each.entry
                same.append((entry.size, entry.mtime_ns, entry.inode, each.seen_ns, entry.path))
            else:
                changed.append(each)
        return changed, same

    def _unknown(self, sources: Sequence[_Read]) -> list[_Read]:
        known = self._shop.writer.known_contents([each.key for each in sources])
        return [each for each in sources if each.key not in known]


def _moves(arrived: Sequence[Entry], gone: dict[str, int]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield paths that are new with those that are gone, some hundred at a time; `gone` has sizes.

    Files of equal size stay together, since each may be any of the others under another name.
    """
    if len(arrived) <= _MOST_MOVED:
        yield [entry.path for entry in arrived], list(gone)
        return
    left: dict[int, list[str]] = defaultdict(list)
    for path, size in gone.items():
        left[size].append(path)
    come: dict[int, list[str]] = defaultdict(list)
    for entry in arrived:
        come[entry.size].append(entry.path)
    new: list[str] = []
    old = [path for size, paths in left.items() if size not in come for path in paths]
    for size, paths in come.items():
        new += paths
        old += left.get(size, ())
        if len(new) >= _MOST_MOVED:
            yield new, old
            new, old = [], []
    yield new, old


def _folders_of(path: str) -> list[str]:
    """Return the folders that a path lies in."""
    return [path[:at] for at, letter in enumerate(path) if letter == "/"]


def _differs(entry: Entry, known: _State | None) -> bool:
    """Say whether a file may have another content than the one that is stored."""
    if known is None:
        return True
    if (entry.size, entry.mtime_ns, entry.inode) != known[:3]:
        return True
    # Changed so shortly before it was read that a later change may bear the same time.
    return known.seen_ns - entry.mtime_ns < _DOUBTFUL_NS
