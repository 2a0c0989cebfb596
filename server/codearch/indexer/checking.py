"""Rules on single files, run on those that changed: findings follow facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from codearch.detectors import FileView, file_detectors, run_file, runs, runs_somewhere
from codearch.index.found import pack
from codearch.indexer.broken_rules import Broken, guarded, note_broken
from codearch.indexer.extracting import extracting, made_of, store
from codearch.indexer.origins import knows_history
from codearch.settings import rules_at
from codearch.snapshot import Snapshot
from codearch.store.database import transaction
from codearch.store.schema import CHECKED, COMMENTS_UNCHECKED, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set

    from codearch.detectors import FileDetector, ProjectDetector
    from codearch.facts import Finding
    from codearch.settings import RuleSettings, Settings
    from codearch.snapshot import Reader
    from codearch.store.database import Connection

STEP = 40  # files a commit
_MOST_PUT_OFF = 3  # times
_encode = msgspec.msgpack.Encoder().encode


def _never() -> bool:
    return False


class _Waiting(NamedTuple):
    """A file that waits to be checked; see the table."""

    id: int
    path: str
    test: int
    generated: int
    checked: int
    again: str
    beyond: str | None
    sought: bytes | None

    def left(self, running: Sequence[FileDetector]) -> list[FileDetector] | None:
        """Return which of the rules that run on it have to run now, None for all of them."""
        if self.checked == COMMENTS_UNCHECKED:
            again = self.again.split()
            return [rule for rule in running if rule.comments or rule.id in again]
        if self.beyond is not None:
            beyond = self.beyond.split()
            return [rule for rule in running if rule.id in beyond]
        return None

    def kept(self, keeping: Sequence[ProjectDetector]) -> Sequence[ProjectDetector]:
        """Return which of the rules that keep something of each file have not done so."""
        if self.checked == COMMENTS_UNCHECKED or self.beyond is None:
            return keeping
        beyond = self.beyond.split()
        return [rule for rule in keeping if rule.id in beyond]

    def sought_with(self, now: Set[bytes]) -> bytes | None:
        """Return what has been sought in what imports it, by rules of now and of those before."""
        if self.checked == COMMENTS_UNCHECKED:
            if self.sought is None:
                return None
            now = {*now, *self.sought.splitlines()}
        return b"\n".join(sorted(now))


class _Looked(NamedTuple):
    """What became of a file."""

    id: int
    only: list[str] | None  # the rules that ran, None for all
    findings: list[Finding]
    sought: bytes | None


@dataclass
class Checking:
    """Runs the rules on single files, beside other work.

    `stop` is asked before each rule, so that somebody's edit waits for one of them, and `put_off`
    counts how often each file was given up half done: in the end it is looked at whole.
    """

    stop: Callable[[], bool] = _never
    put_off: Counter[int] = field(default_factory=Counter)

    def check(
        self, connection: Connection, reader: Reader, settings: Settings, *, reading: bool = False
    ) -> int:
        """Run the file rules on the next files of the reader's session; return 0 if none waits.

        Where comments alone have changed, those rules run that read them, and those whose findings
        the writer could not carry along; where workers have run those that look at nothing else,
        the others do. While files are being `reading`, nothing but comments is looked at: other
        files will still change what the rules see.
        """
        waiting = [
            _Waiting(*row)
            for row in connection.execute(
                "SELECT id, path, test, generated, checked, again, beyond, sought FROM files"
                " WHERE checked <> 1 AND checked >= ? AND session = ? LIMIT ?",
                (COMMENTS_UNCHECKED if reading else UNCHECKED, reader.session, STEP),
            )
        ]
        if not waiting:
            return 0
        keeping = extracting(connection, settings)[0] if reader.session == 0 else []
        looked: list[_Looked] = []
        extracts: list[tuple[int, int, bytes]] = []
        ran: dict[str, list[str]] = {}  # ids of rules by path, also those that workers have run
        broken: Broken = {}
        with Snapshot(reader, settings) as snapshot:
            for each in waiting:
                rules = rules_at(settings, each.path)
                running = [rule for rule in file_detectors() if runs(rule, rules)]
                left, kept = each.left(running), each.kept(keeping)
                ran[each.path] = [rule.id for rule in running]
                only = None if left is None else [rule.id for rule in left]
                if each.checked == COMMENTS_UNCHECKED:
                    ran[each.path] = only or []
                own: list[Finding] = []
                if left or left is None or kept:
                    view = _view(snapshot, each)
                    may_stop = self.stop if self.put_off[each.id] < _MOST_PUT_OFF else _never
                    found = _found(view, running if left is None else left, rules, broken, may_stop)
                    if found is None:
                        self.put_off[each.id] += 1
                        del ran[each.path]
                        break
                    own = found
                    extracts += ((each.id, *made) for made in made_of(view, kept))
                del self.put_off[each.id]
                sought = snapshot.sought.get(each.path, set())
                looked.append(_Looked(each.id, only, own, each.sought_with(sought)))
                if self.stop():
                    break
            generation = snapshot.generation
        if not looked:  # somebody's edit came first
            return 1
        with transaction(connection):
            asking = reader.session == 0 and knows_history(connection)
            note_broken(connection, ran, broken)
            store(connection, extracts)
            for done in looked:
                _write(connection, done, generation)
            connection.executemany(
                "UPDATE files SET checked = ?, asking = ?, again = '', sought = ? WHERE id = ?",
                ((CHECKED, asking, done.sought, done.id) for done in looked),
            )
        return len(looked)


def _found(
    view: FileView,
    running: Sequence[FileDetector],
    rules: Mapping[str, RuleSettings],
    broken: Broken,
    stop: Callable[[], bool],
) -> list[Finding] | None:
    """Return what rules find in a file, None where `stop` said so before one of them."""
    found: list[Finding] = []
    for rule in running:
        if stop():
            return None
        with guarded(rule.id, view.path, broken):
            found += run_file([rule], view, rules)
    return found


def _view(snapshot: Snapshot, file: _Waiting) -> FileView:
    return FileView(
        file.path,
        snapshot.facts(file.path),
        snapshot.source(file.path),
        test=bool(file.test),
        generated=bool(file.generated),
        project=snapshot,
    )


def _write(connection: Connection, looked: _Looked, generation: int) -> None:
    """Put findings in the place of those that the same rules had found."""
    if looked.only is None:
        connection.execute("DELETE FROM findings WHERE file = ?", (looked.id,))
    else:
        connection.executemany(
            "DELETE FROM findings WHERE file = ? AND rule = ?",
            ((looked.id, rule) for rule in looked.only),
        )
    connection.executemany(
        "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (one.id, looked.id, one.path, one.rule, one.severity, pack(one), generation)
            for one in looked.findings
        ],
    )


def is_carried(rule: str) -> bool:
    """Say whether a rule's findings stand where an edit of comments has only moved them."""
    return any(each.id == rule and not each.comments for each in file_detectors())


def read_by_rules(settings: Settings) -> list[str]:
    """Return the folders that rules read beside each file."""
    running = (rule for rule in file_detectors() if runs_somewhere(rule, settings))
    return sorted({rule.reads for rule in running} - {""})


def files_of(connection: Connection, folder: str) -> list[tuple[str, bytes]]:
    """Return the files in a folder, and what stands for their contents."""
    return connection.execute(
        "SELECT path, digest FROM files WHERE session = 0 AND path >= ? AND path < ? ORDER BY path",
        (f"{folder}/", f"{folder}0"),  # "0" comes after "/"
    ).fetchall()


def check_what_reads(connection: Connection, settings: Settings) -> None:
    """Have all files checked again once one has changed that rules read beside each of them."""
    read = [files_of(connection, folder) for folder in read_by_rules(settings)]
    state = hashlib.sha256(_encode(read)).hexdigest() if any(read) else ""
    known = connection.execute("SELECT value FROM meta WHERE key = 'rules-read'").fetchone()
    if state == (known[0] if known else ""):
        return
    with transaction(connection):
        connection.execute("UPDATE files SET checked = 0, beyond = NULL")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('rules-read', ?)", (state,))


def left_to_check(connection: Connection) -> int:
    """Return how many files wait for the file rules."""
    return int(connection.execute("SELECT count(*) FROM files WHERE checked <> 1").fetchone()[0])
