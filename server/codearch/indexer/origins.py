"""Which commit left a comment or docs behind: rules ask, and git is asked when nobody waits.

The answers stand in the index under what was asked, which names the comment and the code beside
it: an edit elsewhere asks nothing again. A file is asked about anew when another commit has
changed it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from codearch.detectors import FileView, file_detectors, runs
from codearch.errors import Cancelled, GitError
from codearch.indexer.broken_rules import guarded
from codearch.indexer.questions import Questions
from codearch.settings import rules_at
from codearch.snapshot import Snapshot
from codearch.snapshot.origins import Origins, decode, editions, encode
from codearch.snapshot.versions import Versions
from codearch.store.database import transaction
from codearch.store.schema import CHECKED, COMMENTS_UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.detectors import FileDetector
    from codearch.indexer.workshop import Workshop
    from codearch.snapshot.past import Past
    from codearch.store.database import Connection

log = logging.getLogger(__name__)

MOST_COMMITS = 100  # of a file that are looked at, the newest
_MOST_BYTES = 8_000_000  # of all its texts, about: they are in memory together
_PASSED = 40  # files of which nothing new is asked that are passed over in one step


def knows_history(connection: Connection) -> bool:
    """Say whether git's history has been read, so that it can be asked of the files that change."""
    row = connection.execute("SELECT 1 FROM meta WHERE key = 'history-known'").fetchone()
    return row is not None


class Asking:
    """Asks git what rules want to know, one file at a time. The engine's thread alone."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._begin()

    def _begin(self) -> None:
        """Know nothing yet of the store that there is now."""
        self._connection = self._shop.connection
        self._head = ""  # as of which all answers hold
        self._seen = -1  # changes of the store, as nothing was owed
        self._questions = Questions(self._connection)

    @property
    def owed(self) -> bool:
        """Whether there is a file to be asked about."""
        connection = self._shop.connection
        if connection is not self._connection:  # the index was made anew
            self._begin()
        if connection.total_changes == self._seen:
            return False
        with self._snapshot() as snapshot:
            past = snapshot.past()
        if past is not None:
            self._follow(past)
            query = "SELECT 1 FROM files WHERE asking <> 0 LIMIT 1"
            if connection.execute(query).fetchone() is not None:
                return True
            if self._questions.next(past) is not None:
                return True
        self._seen = connection.total_changes
        return False

    def step(self, interrupted: Callable[[], bool]) -> str:
        """Ask about the next file; return its name if its findings may be others now.

        Files of which nothing is asked, or nothing new, are passed over first; questions of rules
        on the whole workspace come last.
        """
        connection = self._shop.connection
        nothing_new: list[tuple[int]] = []
        with self._snapshot() as snapshot:
            past = snapshot.past()
            if past is None:
                return ""
            for file, path in connection.execute(
                "SELECT id, path FROM files WHERE asking <> 0 LIMIT ?", (_PASSED,)
            ).fetchall():
                view = self._view(snapshot, path)
                wanted = self._wanted(view)
                if not self._holds(path, wanted):
                    if not nothing_new:
                        return self._ask(snapshot, past, file, view, interrupted)
                    break
                nothing_new.append((file,))
                if interrupted():
                    break
            if not nothing_new:
                news = self._questions.step(snapshot, past, interrupted)
                return next((each.path for each in snapshot.files()), "") if news else ""
        with transaction(connection):
            connection.executemany("UPDATE files SET asking = 0 WHERE id = ?", nothing_new)
        return ""

    def _ask(
        self,
        snapshot: Snapshot,
        past: Past,
        file: int,
        view: FileView,
        interrupted: Callable[[], bool],
    ) -> str:
        """Ask about a file; return its name if its findings may be others now."""
        connection = self._shop.connection
        wanted, before = self._wanted(view), self._answered(view.path)[1]
        heard = True
        try:
            if self._is_known(view.path, wanted):
                answers = {each: before[each] for each in wanted}
            else:
                answers = self._answers(snapshot, past, view, interrupted)
        except Cancelled:
            return ""
        except GitError as error:
            log.info("git does not tell the past of a file: %s", error)
            answers, heard = before, False
        news = _known(answers) != _known(before)
        with transaction(connection):
            connection.execute(
                "INSERT OR REPLACE INTO origins VALUES (?, '', ?)", (view.path, encode(answers))
            )
            if heard and not wanted:
                connection.execute("DELETE FROM origins WHERE path = ?", (view.path,))
            elif heard:  # else it is asked again once HEAD has moved, or the indexer begins anew
                edition = editions(connection, view.path)[view.path]
                connection.execute(
                    "UPDATE origins SET edition = ? WHERE path = ?", (edition, view.path)
                )
            connection.execute("UPDATE files SET asking = 0 WHERE id = ?", (file,))
            if news:
                self._check_again(view)
        return view.path if news else ""

    def _check_again(self, view: FileView) -> None:
        """Have the rules run again that ask, on a file and its buffers, whatever runs there first.

        What they say hangs no more on the content alone.
        """
        connection = self._shop.connection
        asking = {rule.id for rule in self._rules(view)}
        rows = connection.execute(
            "SELECT id, checked, beyond FROM files WHERE path = ?", (view.path,)
        ).fetchall()
        for file, checked, beyond in rows:
            wanted = beyond if beyond is None else " ".join(sorted({*beyond.split(), *asking}))
            connection.execute(
                "UPDATE files SET checked = ?, beyond = ? WHERE id = ?",
                (COMMENTS_UNCHECKED if checked == CHECKED else checked, wanted, file),
            )

    def _wanted(self, view: FileView) -> set[str]:
        """Return what rules want to know of a file's history."""
        wanted: set[str] = set()
        for rule in self._rules(view):
            with guarded(rule.id, view.path, {}):  # it has been told of where findings are made
                wanted |= set(rule.asks(view)) if rule.asks else set()
        return wanted

    def _is_known(self, path: str, wanted: set[str]) -> bool:
        """Say whether all of it has been answered, and no commit came since."""
        edition, known = self._answered(path)
        return not wanted or (
            known.keys() >= wanted and edition == editions(self._shop.connection, path).get(path)
        )

    def _holds(self, path: str, wanted: set[str]) -> bool:
        """Say whether this is known, and nothing that buffers alone still hold."""
        return self._answered(path)[1].keys() <= wanted and self._is_known(path, wanted)

    def _answered(self, path: str) -> tuple[str, Origins]:
        """Return what history said of a file, and as of which of its commits."""
        query = "SELECT edition, data FROM origins WHERE path = ?"
        row = self._shop.connection.execute(query, (path,)).fetchone()
        return (str(row[0]), decode(row[1])) if row else ("", {})

    def _snapshot(self) -> Snapshot:
        return Snapshot(self._shop.loop_readers.of(0), self._shop.settings)

    def _view(self, snapshot: Snapshot, path: str) -> FileView:
        file = snapshot.file(path)
        return FileView(
            path,
            snapshot.facts(path),
            snapshot.source(path),
            test=file is not None and file.test,
            generated=file is not None and file.generated,
            project=snapshot,
        )

    def _rules(self, view: FileView) -> list[FileDetector]:
        """Return the rules that ask about a file."""
        rules = rules_at(self._shop.settings, view.path)
        return [
            rule
            for rule in file_detectors()
            if rule.asks and runs(rule, rules) and view.facts.language in rule.languages
        ]

    def _answers(
        self, snapshot: Snapshot, past: Past, view: FileView, interrupted: Callable[[], bool]
    ) -> Origins:
        most = min(MOST_COMMITS, max(2, _MOST_BYTES // max(len(view.source), 1)))
        every = past.versions(view.path)
        whole = not past.shallow and not past.cut
        versions = Versions(snapshot.root, every, interrupted, most=most, whole=whole)
        found: Origins = {}
        for rule in self._rules(view):
            found |= rule.origins(view, versions) if rule.origins else {}
        return found

    def _follow(self, past: Past) -> None:
        """Have files asked about that another commit has changed since they were.

        And all of them when git's history is first known.
        """
        connection = self._shop.connection
        if past.head == self._head:
            return
        with transaction(connection):
            if knows_history(connection):
                rows = connection.execute("SELECT path, edition FROM origins").fetchall()
                now = editions(connection)
                changed = [(path,) for path, edition in rows if now[path] != edition]
                connection.executemany(
                    "UPDATE files SET asking = 1 WHERE path = ? AND session = 0", changed
                )
                connection.execute("DELETE FROM origins WHERE path NOT IN (SELECT path FROM files)")
            else:
                connection.execute("UPDATE files SET asking = 1 WHERE session = 0")
                connection.execute("INSERT INTO meta VALUES ('history-known', '')")
        self._head = past.head


def _known(answers: Origins) -> Origins:
    return {key: origin for key, origin in answers.items() if origin is not None}
