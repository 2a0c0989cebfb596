"""What lies on disk or in a buffer goes into the store, and only what changed is parsed."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from codearch import languages
from codearch.index.content import Entry, Source, read, refused_by_content, refused_by_name
from codearch.index.ignore import Ignore
from codearch.index.listing import Listing, listing
from codearch.index.prepare import Prepared, prepare
from codearch.index.test_paths import is_test_path
from codearch.index.unpacking import stored_before
from codearch.index.writer import Incoming
from codearch.indexer.bulk import Bulk
from codearch.indexer.edited import Edited
from codearch.indexer.left_out import LeftOut
from codearch.indexer.read_files import ReadFile, State, differs
from codearch.indexer.wanted import still_wanted, want
from codearch.settings import is_whole_disk
from codearch.watch.gitstate import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from codearch.index.found import FoundAlone
    from codearch.indexer.workshop import Workshop
    from codearch.parse import LastTree

BULK_BYTES = 400_000  # more than this to parse goes to the workers
_BATCH_FILES = 64
_MOST_FILES = 256  # of one commit: an edit waits until it is written
_FIRST_FILES = 16  # of much bulk work are parsed here: who asks first waits for no worker's start
_MOST_OPENED = 100  # files that come first in bulk work
_MOST_MOVED = 4 * _BATCH_FILES  # files that are looked for under another name at once


class Intake:
    """Compares the disk with the store and writes the difference; the engine's thread alone."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self.scanned = False
        self.put_off = False  # a comparison, until git is done
        self.files_read = 0  # since the start, also those that had not changed
        self.parsed = 0  # contents, since the start
        self.removed = 0
        self.reused = 0  # passages
        self.problem = ""
        self.mend = ""
        self._queue: deque[str] = deque()  # bulk: files that changed, still to be read
        self._opened: deque[str] = deque(maxlen=_MOST_OPENED)  # by somebody, the latest last
        self._bulk = Bulk(shop)
        self.edited = Edited()
        self.left_out = LeftOut(shop.connection, shop.root)
        self._total = 0
        self._sizes: dict[str, int] = {}  # of the files that were queued
        self._bytes = self._bytes_left = 0
        self._buffers_alone = is_whole_disk(shop.root)
        self.ignore = Ignore(shop.root)
        self._git_lock = Lock(self.ignore.repository)
        self.configure()

    def configure(self) -> None:
        """Take new settings over."""
        settings = self._shop.settings
        self.ignore.configure(settings.index.exclude, settings.files.exclude)
        self._max_bytes = settings.index.max_file_kb * 1024

    @property
    def errors(self) -> int:
        """Return how many files could not be read."""
        return self.left_out.by_reason().get("unreadable", 0)

    @property
    def reading(self) -> bool:
        """Whether files that changed are still to be read, or to come back from workers."""
        return bool(self._queue) or self._bulk.underway

    @property
    def working(self) -> bool:
        """Whether workers have something, or have had it."""
        return self._bulk.underway

    @property
    def held(self) -> int:
        """Return how many files wait until the machine has power; never a few."""
        many = len(self._queue) > _BATCH_FILES
        return len(self._queue) if many and self._shop.holds("read") else 0

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
        self._bulk.recall_touched(set(paths))
        listed = self._listed(paths)
        wanted = [path for path in paths if path in listed]
        self.left_out.welcome_gone(paths)
        return self._store(wanted, self._known_below(paths, listed))

    def overlay(self, session: int, path: str, text: str | None) -> list[str]:
        """Write what a buffer holds, or forget it; return the paths that changed by it.

        One that is too large, or no text, is not indexed, as a file like it would not be.
        """
        data = (text or "").encode("utf-8", "surrogatepass")
        language = languages.by_path(path, data[:200])
        if text is None or language is None or len(data) > self._max_bytes:
            return self._forget(session, path)
        now = time.time_ns()
        source = Source(Entry(path, len(data), now, 0), data)
        last = self.edited.of(session, path)
        self._write([ReadFile(source, language.name, now)], [], session, last)
        return [path]

    def _forget(self, session: int, path: str) -> list[str]:
        self.edited.forget(session, path)
        row = self._shop.connection.execute(
            "SELECT 1 FROM files WHERE path = ? AND session = ?", (path, session)
        ).fetchone()
        if row is None:
            return []
        self._shop.writer.write([], [path], session)
        return [path]

    def hurry(self, paths: Sequence[str]) -> None:
        """Read these files before all others, now and later: somebody has opened them."""
        self._opened.extend(paths)
        self._put_opened_first()

    # --- the whole disk ----------------------------------------------------------------------

    def waits_for_git(self) -> bool:
        """Say whether a comparison was put off, and git is still at work."""
        return self.put_off and self._git_lock.held(self.ignore.repository)

    def scan(self) -> None:
        """Compare the disk with the store, remove what is gone and queue what changed.

        Where files are gone while git is at work it may bring them back, elsewhere too: that is
        `put_off`, and the disk is to be compared again.
        """
        found = Listing() if self._buffers_alone else self._listing()
        known: dict[str, State] = {
            path: State(*state)
            for path, *state in self._shop.connection.execute(
                "SELECT path, size, mtime_ns, inode, seen_ns FROM files WHERE session = 0"
            )
        }
        listed = {entry.path for entry in found.entries}
        gone = [path for path in known if path not in listed]
        self.put_off = bool(gone) and self._git_lock.held(self.ignore.repository)
        if self.put_off:
            return
        self.left_out.listed(found)
        refused = self.left_out.refused()
        changed = {
            entry.path: None
            for entry in found.entries
            if (entry.path, entry.size, entry.mtime_ns) not in refused
            and differs(entry, known.get(entry.path))
        }
        self.left_out.welcome([path for path, _, _ in refused if path not in listed])
        flying = self._bulk.recall_outdated(found)
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
        self._sizes = {entry.path: entry.size for entry in found.entries if entry.path in changed}
        self._bytes_left = self._bytes = sum(self._sizes.values())
        self._put_opened_first()
        self.problem = found.problem.message if found.problem is not None else ""
        self.mend = found.problem.mend if found.problem is not None else ""
        self.scanned = True

    def _listing(self) -> Listing:
        return listing(self._shop.root, self.ignore, self._max_bytes // 1024)

    def pump(self) -> bool:
        """Do one step of bulk work: write what workers have done, read and hand out more."""
        if self._write_finished():
            return True
        if not self._queue:
            return not self._bulk.flying and self._bulk.try_suspect()
        if self._bulk.full:
            return False
        if self.held:
            self._shop.progress.end()  # a bar that stands still for hours tells nothing
            if not self._bulk.flying:
                self._shop.workers.close()
            return False
        begins = len(self._queue) == self._total > _BATCH_FILES
        if begins:
            self._shop.workers.begin()
        portion = _FIRST_FILES if begins else self._portion()
        batch = [self._queue.popleft() for _ in range(min(portion, len(self._queue)))]
        self._store(batch, [], bulk=len(self._queue) > 0 and not begins)
        self._bytes_left -= sum(self._sizes.get(path, 0) for path in batch)
        part = 1 - self._bytes_left / self._bytes if self._bytes else None
        self._shop.progress.note("reading", self._total - len(self._queue), self._total, part)
        return True

    def _put_opened_first(self) -> None:
        opened = set(self._opened)
        if opened:
            self._queue = deque(sorted(self._queue, key=lambda path: path not in opened))

    def _portion(self) -> int:
        """Return how many files one commit takes: first answers soon, and few commits in all."""
        begun = self._total - len(self._queue)
        return min(_MOST_FILES, max(_BATCH_FILES, begun // 4))

    def _write_finished(self) -> bool:
        """Write what workers have finished once it is worth a commit; return whether it was."""
        done, deadly = self._bulk.take_back(self._portion(), last=not self._queue)
        for entry in deadly:
            self.problem = f"{entry.path} crashes its parser and is left out."
            self.mend = "A line for it in `.codearchignore` ends this warning; please report it."
            self.left_out.refuse({entry: "crashes the parser"})
        if done is None:
            return False
        if done.files:
            self._commit(done.files, done.contents, [], found=done.found)
        return True

    def abandon(self) -> None:
        """Give bulk work up; what was not read is found again by the next scan."""
        self._queue.clear()
        self._bulk.abandon()

    # --- inside ------------------------------------------------------------------------------

    def _store(self, paths: Sequence[str], gone: Sequence[str], *, bulk: bool = False) -> list[str]:
        """Read files and write those whose content is new; with `bulk`, workers parse them."""
        sources, lost = self._read(paths)
        sources, same = self._unchanged(sources)
        if same:
            self._shop.writer.restat(same)
        unknown = self._unknown(sources)
        if bulk or sum(len(each.data) for each in unknown) > BULK_BYTES:
            want(self._shop, unknown, len(self._queue))
            for each in unknown:
                each.before = stored_before(self._shop.connection, each.entry.path)
            self._bulk.hand_out(unknown)
            waiting = {each.entry.path for each in unknown}
            sources = [each for each in sources if each.entry.path not in waiting]
        return self._write(sources, self._present([*gone, *lost]))

    def _read(self, paths: Sequence[str]) -> tuple[list[ReadFile], list[str]]:
        """Return the files that can be read and are worth it, and the paths of the others."""
        seen = time.time_ns()
        sources: list[ReadFile] = []
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
                sources.append(ReadFile(source, language.name, seen))
                welcome.append(path)
        self.left_out.refuse(refused)
        self.left_out.welcome(welcome)
        return sources, lost

    def _write(
        self,
        sources: list[ReadFile],
        gone: list[str],
        session: int = 0,
        last: LastTree | None = None,
    ) -> list[str]:
        """Parse what is unknown here and now, and write all of it as one commit."""
        if not sources and not gone:
            return []
        unknown = {each.key for each in self._unknown(sources)}
        done: dict[bytes, Prepared] = {}
        for each in sources:
            if each.key in unknown and each.key not in done:
                before = stored_before(self._shop.connection, each.entry.path, session)
                done[each.key] = prepare(each.data, each.language, last, before)
        return self._commit(sources, done, gone, session)

    def _commit(
        self,
        sources: Sequence[ReadFile],
        done: dict[bytes, Prepared],
        gone: list[str],
        session: int = 0,
        found: Mapping[tuple[str, bytes], FoundAlone] | None = None,
    ) -> list[str]:
        settings, found = self._shop.settings, found or {}
        incoming = [
            Incoming(
                each.entry.path, each.language, each.key, each.digest, each.entry.size,
                each.entry.mtime_ns, each.entry.inode, each.seen_ns,
                is_test_path(each.entry.path), done.get(each.key),
                found.get((each.entry.path, each.key)) if still_wanted(each, settings) else None,
            )
            for each in sources
        ]  # fmt: skip
        written = self._shop.writer.write(incoming, gone, session)
        self._shop.embedder.remember(written.fresh)
        self._shop.loop_readers.of(session).keep(written.facts)  # they are checked soon
        self.parsed += len(done)
        self.reused += written.reused_passages
        if session == 0:
            self.removed += len(gone)
        return written.paths

    def _listed(self, paths: Sequence[str]) -> set[str]:
        """Return which of these are files that are indexed, as far as rules and names tell."""
        root = self._shop.root
        return {path for path in paths if not self.ignore.ignored(path) and (root / path).is_file()}

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
        self, sources: Sequence[ReadFile]
    ) -> tuple[list[ReadFile], list[tuple[int, int, int, int, str]]]:
        """Part what has new content from what was only touched."""
        changed: list[ReadFile] = []
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

    def _unknown(self, sources: Sequence[ReadFile]) -> list[ReadFile]:
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
