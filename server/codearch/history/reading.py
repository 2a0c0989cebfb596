"""Reads git's history into the index: once from end to end, then what each move of HEAD changes.

It goes on in short steps and can be left at any of them, also by the end of the process: what has
been entered stays, and the next one goes on behind it.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import GitError
from codearch.history.blame import IGNORED_REVISIONS
from codearch.history.git import git
from codearch.history.ledger import Ledger
from codearch.history.log import Log
from codearch.history.repository import read_regular, repository_of
from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.store.database import Connection

MAILMAP = ".mailmap"
STATE = "history"  # the key of what is noted of the reading
ENOUGH_COMMITS = 50  # fewer say nothing of which files belong together
_STEP_S = 0.02
_PATHS_AT_ONCE = 20
_BARE_COMMITS = 50
_MOST_STRUCK = 2000  # commits; a branch further away is read from the beginning
_COMPARED = "project-checked"  # what the project's rules have seen: they look at the history too


class State(msgspec.Struct, omit_defaults=True):
    """How far the history has been read, as the index notes it."""

    head: str = ""  # up to where all is entered
    base: str = ""  # of the pass under way: what lay behind HEAD before it, "" for nothing
    target: str = ""  # of the pass under way, "" where there is none
    done: int = 0  # commits that the pass under way has entered
    entered: bool = False  # it has entered all
    coupling: int = 0  # path up to which all have been coupled anew
    whole: bool = False  # has been read to the end at least once
    limit: int = 0  # commits that may be read
    cut: bool = False  # there are more than that
    shallow: bool = False
    newest: int = 0  # time of the newest commit
    mailmap: str = ""
    ignored: str = ""


class Reading:
    """Keeps the tables in step with HEAD. One that fails is left until HEAD moves, or is asked."""

    def __init__(self, connection: Connection, root: Path) -> None:
        self._db = connection
        self._root = root
        self._ledger = Ledger(connection, root)
        self._log: Log | None = None
        self._touched: set[int] | None = None  # of the pass under way, None for all paths
        self._ignored: frozenset[str] = frozenset()
        self._bare_until = 0  # so many commits of the pass are read without what files hold
        self._bare_span = _BARE_COMMITS
        self._wanted: tuple[str, int, bool, str, str] | None = None
        self.state = _noted(connection)
        self.news = False  # whether the last pass told what rules may look at

    @property
    def owed(self) -> bool:
        """Whether there is something to be read."""
        return self._wanted is not None

    def want(self, head: str, limit: int) -> None:
        """Have the history behind `head` read, the newest `limit` commits of it."""
        repository = repository_of(self._root)
        shallow = repository is not None and repository.shallow
        mailmap, revisions = self._beside(MAILMAP), self._beside(IGNORED_REVISIONS)
        self._ignored = _revisions(revisions)
        wanted = head, limit, shallow, _digest(mailmap), _digest(revisions)
        state = self.state
        if wanted == (state.head, state.limit, state.shallow, state.mailmap, state.ignored):
            wanted_now = None if not state.target else wanted
        else:
            wanted_now = wanted
        self._wanted = wanted_now

    def step(self, interrupted: Callable[[], bool] = lambda: False) -> bool:
        """Go on for some milliseconds; return whether all has been read now.

        Raises GitError where git fails: nothing is owed then.
        """
        if self._wanted is None:
            return True
        try:
            if self.state.target:
                return self._go_on(interrupted)
            with transaction(self._db):
                self._begin(*self._wanted)
        except BaseException as error:
            self.close()
            self._wanted = None
            self.state = _noted(self._db)
            if isinstance(error, GitError) and self.state.target:
                with transaction(self._db):  # what it was to end with may be gone for good
                    self.state = self._anew()
                    self._note()
            raise
        return self._wanted is None

    def close(self) -> None:
        """End git where it is at work; what has been entered stays."""
        if self._log is not None:
            self._log.close()
            self._log = None
        self._ledger.forget()
        self._touched = None

    # --- a pass ------------------------------------------------------------------------------

    def _begin(self, head: str, limit: int, shallow: bool, mailmap: str, ignored: str) -> None:
        state = self.state
        if (state.limit, state.shallow) != (limit, shallow):
            state = self._anew()
        touched: set[int] = set()
        if state.whole:
            if state.mailmap != mailmap:
                self._ledger.map_people()
            if state.ignored != ignored:
                touched |= self._ledger.look_through(self._ignored)
        state.limit, state.shallow = limit, shallow
        state.mailmap, state.ignored = mailmap, ignored
        base = state.head
        struck = self._struck(base, head) if base and base != head else set()
        if struck is None:
            state = self._anew(state)
            base = ""
            touched = set()
        else:
            touched |= struck
        self._touched = touched if base else None
        state.base, state.target, state.done, state.coupling = base, head, 0, 0
        state.entered = base == head
        self._bare_until, self._bare_span = 0, _BARE_COMMITS
        self.state = state
        self._note()

    def _anew(self, like: State | None = None) -> State:
        """Forget all; what `like` knows of the folder holds on."""
        self._ledger.clear()
        if like is None:
            return State()
        return State(
            limit=like.limit, shallow=like.shallow, mailmap=like.mailmap, ignored=like.ignored
        )

    def _struck(self, old: str, new: str) -> set[int] | None:
        """Take out what `new` has no more behind it; None where all is to be read anew."""
        try:
            listed = git(
                self._root,
                "rev-list",
                "--no-merges",
                f"--max-count={_MOST_STRUCK + 1}",
                f"{new}..{old}",
            ).split()
        except GitError:
            return None  # `old` is gone
        if len(listed) > _MOST_STRUCK:
            return None
        return self._ledger.strike(each.decode() for each in listed)

    def _go_on(self, interrupted: Callable[[], bool]) -> bool:
        state = self.state
        if not state.entered:
            self._enter(interrupted)
        elif self._couple(interrupted):
            self._finish()
            return self._wanted is None
        return False

    def _enter(self, interrupted: Callable[[], bool]) -> None:
        state = self.state
        if self._log is None:
            revisions, bare = _range(state.base, state.target), bool(self._bare_until)
            self._log = Log(self._root, revisions, state.limit, skip=state.done, lines=not bare)
        until = time.monotonic() + _STEP_S
        while not interrupted():
            try:
                commits = self._log.take()
            except GitError:
                if self._bare_until:
                    raise
                self._go_bare()
                return
            if commits:
                with transaction(self._db):
                    touched = self._ledger.enter(commits, self._ignored)
                    if self._touched is not None:
                        self._touched |= touched
                    state.done += len(commits)
                    state.newest = max(state.newest, *(each.time for each in commits))
                    self._note()
            if self._log.ended:
                state.entered = True
                self._close_log()
            elif self._bare_until and state.done >= self._bare_until:
                self._close_log()
                self._bare_until = 0
            if self._log is None or time.monotonic() > until:
                return

    def _go_bare(self) -> None:
        """Read on without what files hold, past what is missing of it.

        A partial clone lacks most of it, so each time twice as many commits are read so.
        """
        self._close_log()
        self._bare_until = self.state.done + self._bare_span
        self._bare_span *= 2

    def _close_log(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _couple(self, interrupted: Callable[[], bool]) -> bool:
        """Couple the next paths anew; return whether all have been."""
        state = self.state
        until = time.monotonic() + _STEP_S
        while True:
            if self._touched is None:
                paths = self._ledger.paths_after(state.coupling, _PATHS_AT_ONCE)
            else:
                rest = sorted(path for path in self._touched if path > state.coupling)
                paths = rest[:_PATHS_AT_ONCE]
            if not paths:
                return True
            with transaction(self._db):
                for path in paths:
                    self._ledger.couple(path)
                state.coupling = paths[-1]
                self._note()
            if time.monotonic() > until or interrupted():
                return False

    def _finish(self) -> None:
        state = self.state
        with transaction(self._db):
            state.head, state.whole, base = state.target, True, state.base
            state.base = state.target = ""
            state.cut = state.done >= state.limit if not base else state.cut
            state.done, state.entered, state.coupling = 0, False, 0
            state.newest, commits = self._db.execute(
                "SELECT coalesce(max(time), 0), count(*) FROM commits"
            ).fetchone()
            self._note()
            self.news = commits >= ENOUGH_COMMITS
            if self.news:
                self._db.execute("DELETE FROM meta WHERE key = ?", (_COMPARED,))
        self.close()
        wanted = self._wanted
        known = (state.head, state.limit, state.shallow, state.mailmap, state.ignored)
        if wanted is None or wanted == known:
            self._wanted = None

    def _note(self) -> None:
        text = msgspec.json.encode(self.state).decode()
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (STATE, text))

    def _beside(self, name: str) -> bytes:
        repository = repository_of(self._root)
        return (repository and read_regular(repository.top / name, follow_link=False)) or b""


def _noted(connection: Connection) -> State:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (STATE,)).fetchone()
    return msgspec.json.decode(row[0], type=State) if row else State()


def _range(base: str, head: str) -> str:
    return f"{base}..{head}" if base else head


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest() if content else ""


def _revisions(content: bytes) -> frozenset[str]:
    """Return the commits that a file of revisions for blame to ignore names."""
    words = (line.split(b"#")[0].strip().lower() for line in content.splitlines())
    return frozenset(
        word.decode()
        for word in words
        if len(word) in (40, 64) and not word.strip(b"0123456789abcdef")
    )
