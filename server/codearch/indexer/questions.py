"""What rules on the whole workspace want git to tell: kept with its answer until nobody asks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from codearch.detectors import project_detectors
from codearch.errors import Cancelled, GitError
from codearch.snapshot.versions import Versions
from codearch.store.database import transaction
from codearch.store.schema import rule_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.snapshot import Snapshot
    from codearch.snapshot.past import Past
    from codearch.store.database import Connection

log = logging.getLogger(__name__)

_MOST_COMMITS = 100  # of a file that are looked at, the newest


def answers(connection: Connection, rule: str) -> dict[bytes, bytes]:
    """Return what git has told a rule, by what it asked."""
    return dict(
        connection.execute(
            "SELECT key, answer FROM questions WHERE rule = ? AND length(answer) > 0",
            (rule_number(rule),),
        ).fetchall()
    )


def note_questions(connection: Connection, rule: str, asked: dict[bytes, bytes]) -> None:
    """Keep what a rule asks now, and forget what it asks no more; b"" for what is kept already.

    What was `asked` is taken.
    """
    number = rule_number(rule)
    rows = connection.execute("SELECT key FROM questions WHERE rule = ?", (number,)).fetchall()
    kept = {bytes(key) for (key,) in rows}
    connection.executemany(
        "DELETE FROM questions WHERE rule = ? AND key = ?",
        [(number, key) for key in kept - asked.keys()],
    )
    connection.executemany(
        "INSERT INTO questions VALUES (?, ?, ?, NULL)",
        [(number, key, asked[key]) for key in asked.keys() - kept if asked[key]],
    )
    asked.clear()


class Questions:
    """Asks git what project rules want to know, one question at a time."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._head = ""
        self._later: set[bytes] = set()  # what cannot be answered before there is another commit

    def next(self, past: Past) -> tuple[int, bytes, bytes] | None:
        """Return the rule, the key and the text of a question without an answer."""
        if past.head != self._head:
            self._head, self._later = past.head, set()
        rows = self._db.execute("SELECT rule, key, question FROM questions WHERE answer IS NULL")
        return next((row for row in rows if row[1] not in self._later), None)

    def step(self, snapshot: Snapshot, past: Past, interrupted: Callable[[], bool]) -> bool:
        """Have one question answered; return whether that tells something."""
        asked = self.next(past)
        if asked is None:
            return False
        rule, key, question = asked
        try:
            told = self._answer(rule, question, snapshot, past, interrupted)
        except Cancelled:
            return False
        except GitError as error:
            log.info("git does not tell the past of a file: %s", error)
            told = None
        if told is None:
            self._later.add(key)
            return False
        with transaction(self._db):
            self._db.execute(
                "UPDATE questions SET question = x'', answer = ? WHERE rule = ? AND key = ?",
                (told, rule, key),
            )
        return bool(told)

    def _answer(
        self,
        number: int,
        question: bytes,
        snapshot: Snapshot,
        past: Past,
        interrupted: Callable[[], bool],
    ) -> bytes | None:
        read: dict[str, Versions] = {}

        def versions(path: str) -> Versions:
            if path not in read:
                every, whole = past.versions(path), not past.shallow and not past.cut
                most = _MOST_COMMITS
                read[path] = Versions(snapshot.root, every, interrupted, most=most, whole=whole)
            return read[path]

        for rule in project_detectors():
            if rule_number(rule.id) == number and rule.answer is not None:
                return rule.answer(question, past, versions)
        return b""
