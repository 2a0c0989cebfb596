"""Reads git's history into the index: once from end to end, then what each move of HEAD changes.

It goes on in short steps and can be left at any of them, also by the end of the process: what has
been entered stays, and the next one goes on behind it.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt
from codearch.errors import GitError
from codearch.history.blame import IGNORED_REVISIONS
from codearch.history.git import git
from codearch.history.kinds import VERSION as KINDS
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
NEWS = "history-news"  # the key of how often it has told what rules may look at
ENOUGH_COMMITS = 50  # fewer say nothing of which files belong together
_STEP_S = 0.02
_PATHS_AT_ONCE = 20
_BARE_COMMITS = 50
_MOST_STRUCK = 2000  # commits; a branch further away is read from the beginning


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be read: the newest `limit` commits behind `head`, as things stand beside them."""

    head: str = ""
    limit: int = 0
    shallow: str = ""  # digest of where a shallow clone ends, as the next two
    mailmap: str = ""
    ignored: str = ""  # commits for blame to look through
    kinds: int = KINDS  # version of how commits are told apart

    def rests_on(self, other: Wish) -> bool:
        """Say whether what was read for another wish can be gone on with."""
        mine, its = ((each.limit, each.shallow, each.kinds) for each in (self, other))
        return mine == its


class State(msgspec.Struct, omit_defaults=True):
    """How far the history has been read, as the index notes it."""

    read: Wish = Wish()  # what has been read to the end
    coming: Wish | None = None  # what the pass under way reads
    base: str = ""  # what it goes on from, "" for nothing
    done: int = 0  # commits that it has entered
    entered: bool = False  # it has entered all
    coupling: int = 0  # path up to which all have been coupled anew
    cut: bool = False  # there are more commits than may be read
    newest: int = 0  # time of the newest commit

    @property
    def whole(self) -> bool:
        """Whether it has been read to the end at least once."""
        return bool(self.read.head)

    @property
    def head(self) -> str:
        """The commit up to which it has been read."""
        return self.read.head

    @property
    def limit(self) -> int:
        """How many commits could be read."""
        return self.read.limit

    @property
    def shallow(self) -> bool:
        """Whether the clone held a part of it alone."""
        return bool(self.read.shallow)

    @property
    def mailmap(self) -> str:
        """Digest of the mailmap by which people are named."""
        return self.read.mailmap


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
        self._wanted: Wish | None = None
        self.state = noted(connection)
        self.news = False  # whether the last pass told what rules may look at

    @property
    def owed(self) -> bool:
        """Whether there is something to be read."""
        return self._wanted is not None

    def want(self, head: str, limit: int) -> None:
        """Have the history behind `head` read, the newest `limit` commits of it."""
        repository = repository_of(self._root)
        ends = repository and read_regular(repository.common_dir / "shallow")
        mailmap, revisions = self._beside(MAILMAP), self._beside(IGNORED_REVISIONS)
        self._ignored = _revisions(revisions)
        wanted = Wish(head, limit, _digest(ends or b""), _digest(mailmap), _digest(revisions))
        self._wanted = None if (wanted, None) == (self.state.read, self.state.coming) else wanted

    def step(self, interrupted: Callable[[], bool] = lambda: False) -> bool:
        """Go on for some milliseconds; return whether all has been read now.

        Raises GitError where git fails: nothing is owed then.
        """
        if self._wanted is None:
            return True
        try:
            if self.state.coming is not None:
                return self._go_on(self.state.coming, interrupted)
            with transaction(self._db):
                self._begin(self._wanted)
        except BaseException as error:
            self.close()
            self._wanted = None
            self.state = noted(self._db)
            if isinstance(error, GitError) and self.state.coming is not None:
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

    def _begin(self, wish: Wish) -> None:
        state = self.state
        if not wish.rests_on(state.read):
            state = self._anew()
        touched: set[int] = set()
        if state.read.mailmap != wish.mailmap:
            self._ledger.map_people()
        if state.whole and state.read.ignored != wish.ignored:
            touched |= self._ledger.look_through(self._ignored)
        base = state.read.head
        struck = self._struck(base, wish.head) if base and base != wish.head else set()
        if struck is None:
            state, base, touched = self._anew(), "", set()
        else:
            touched |= struck
        self._touched = touched if base else None
        self._bare_until, self._bare_span = 0, _BARE_COMMITS
        state.coming, state.base = wish, base
        state.done, state.coupling, state.entered = 0, 0, base == wish.head
        self.state = state
        self._note()

    def _anew(self) -> State:
        """Forget all."""
        self._ledger.clear()
        return State()

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

    def _go_on(self, wish: Wish, interrupted: Callable[[], bool]) -> bool:
        if not self.state.entered:
            self._enter(wish, interrupted)
        elif self._couple(interrupted):
            self._finish(wish)
            return self._wanted is None
        return False

    def _enter(self, wish: Wish, interrupted: Callable[[], bool]) -> None:
        state = self.state
        if self._log is None:
            revisions, bare = _range(state.base, wish.head), bool(self._bare_until)
            self._log = Log(self._root, revisions, wish.limit, skip=state.done, lines=not bare)
        until = time.monotonic() + _STEP_S
        while not interrupted():
            try:
                commits = self._log.take()
            except GitError:
                if self._bare_until:
                    raise
                self._go_bare()
                return
            if self._bare_until:  # exactly so many, or it would depend on how git's words came
                commits = commits[: self._bare_until - state.done]
            if commits:
                with transaction(self._db):
                    touched = self._ledger.enter(commits, self._ignored)
                    if self._touched is not None:
                        self._touched |= touched
                    state.done += len(commits)
                    state.newest = max(state.newest, *(each.time for each in commits))
                    self._note()
            if self._bare_until and state.done >= self._bare_until:
                self._close_log()
                self._bare_until = 0
            elif self._log.ended:
                state.entered = True
                self._close_log()
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

    def _finish(self, wish: Wish) -> None:
        state = self.state
        with transaction(self._db):
            if not state.base:
                state.cut = state.done >= wish.limit
            state.read, state.coming, state.base = wish, None, ""
            state.done, state.entered, state.coupling = 0, False, 0
            state.newest, commits = self._db.execute(
                "SELECT coalesce(max(time), 0), count(*) FROM commits"
            ).fetchone()
            self._note()
            self.news = commits >= ENOUGH_COMMITS
            if self.news:
                self._db.execute(
                    "INSERT INTO meta VALUES (?, '1')"
                    " ON CONFLICT (key) DO UPDATE SET value = value + 1",
                    (NEWS,),
                )
        self.close()
        if self._wanted == wish:
            self._wanted = None

    def _note(self) -> None:
        text = msgspec.json.encode(self.state).decode()
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (STATE, text))

    def _beside(self, name: str) -> bytes:
        repository = repository_of(self._root)
        return (repository and read_regular(repository.top / name, follow_link=False)) or b""


def noted(connection: Connection) -> State:
    """Return how far the history has been read, as the index notes it."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (STATE,)).fetchone()
    try:
        return msgspec.json.decode(row[0], type=learnt(State)) if row else State()
    except msgspec.DecodeError:
        return State()  # another version noted it


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
