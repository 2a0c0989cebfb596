"""A history in memory, as rules see it, written down in a few lines of a case file.

    60 shop/orders.py: Change something
    14 shop/orders.py shop/export.py: Add a column
    900 days
    12 shop/orders.py: Bump versions by renovate[bot]

Each line but that of days is so many commits, one a day, that each change one line of these files.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from codearch.history.ledger import Ledger
from codearch.history.log import Logged, LoggedChange
from codearch.history.reading import State, Wish
from codearch.snapshot.past import Past, PastVersion
from codearch.store.history_schema import HISTORY_TABLES

DAY = 24 * 3600
START = 1_704_067_200  # 2024-01-01
_COMMITS = re.compile(r"(?P<count>\d+) (?P<paths>[^:]+?)(?:: (?P<subject>.+?))?(?: by (?P<by>.+))?")
_DAYS = re.compile(r"(?P<count>\d+) days")


class MemoryFilePast:
    """A file's texts in commits that changed it, the newest first."""

    whole = False

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts
        numbers = [hashlib.sha1(text).hexdigest() for text in texts]
        numbers[0] = "c0ffee000" + numbers[0][9:]
        self.versions = [PastVersion(each, START, "Change it", "", "") for each in numbers]

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, index: int) -> bytes | None:
        return self._texts[index]

    def text_before(self, index: int) -> bytes | None:
        return self._texts[index + 1] if index + 1 < len(self) else None

    def brought(self, words: str) -> PastVersion | None:
        having = [at for at, text in enumerate(self._texts) if words.encode() in text]
        return self.versions[having[-1]] if having and having[-1] + 1 < len(self) else None


def past_of(text: str) -> Past:
    """Return the history that these lines tell."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(HISTORY_TABLES)
    commits = _commits(text)
    ledger = Ledger(db, Path("/nowhere"))
    ledger.enter(commits, frozenset())
    for (path,) in db.execute("SELECT id FROM paths").fetchall():
        ledger.couple(path)
    newest = max((each.time for each in commits), default=0)
    return Past(db, State(read=Wish(head="HEAD"), newest=newest))


def _commits(text: str) -> list[Logged]:
    found: list[Logged] = []
    now = START
    for line in text.splitlines():
        if days := _DAYS.fullmatch(line):
            now += int(days["count"]) * DAY
            continue
        each = _COMMITS.fullmatch(line)
        assert each, line
        changes = tuple(LoggedChange(path, "M", "", 1, 1) for path in each["paths"].split())
        for _ in range(int(each["count"])):
            number = hashlib.sha1(str(len(found)).encode()).hexdigest()
            who = each["by"] or "Ada"
            found.append(Logged(number, now, who, "a@b", each["subject"] or "Change", changes))
            now += DAY
    return found
