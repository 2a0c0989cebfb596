"""The indexer's one loop: what waits is done in the order of how soon somebody misses it.

Buffers come before saved files, those before bulk work, words before vectors, vectors before
findings, and history last. Each step is short, so that an edit never waits for more than one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from codearch.errors import CodearchError, IndexerError
from codearch.index.resolving import resolve_pending
from codearch.indexer import detecting
from codearch.snapshot import Reader
from codearch.store.database import is_damage

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.workshop import Workshop

log = logging.getLogger(__name__)

_MOST_FAILURES = 3
# These take what they work on before they begin, so the next one is another matter: they are never
# given up, or whoever waits for them would wait for ever.
_TAKING = frozenset({"command", "buffer", "saved", "scan", "history", "churn"})
# These go on where they failed, so that a later success makes good what was missing.
_RESUMING = frozenset({"resolve", "embed", "vectors", "check"})
# These leave a search as it is when they fail.
_NOT_SEARCHED = frozenset({"command", "check", "history", "churn", "housekeeping"})
_QUIET_SECONDS = 1.0  # of idleness before housekeeping
_FAILURE_PAUSE_SECONDS = 1.0
_TELL_SECONDS = 0.25
_TELL_PAUSE = 20  # times as long as telling took: counting a large index takes a while
_IDLE_LOOK_SECONDS = 0.5  # at whether anybody is still there


class Engine:
    """Runs on the main thread; every public method may be called from any thread."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.tell: Callable[[str, dict[str, Any]], None] = lambda _event, _told: None
        shop.wake = self._notify
        self._wake = threading.Condition()
        self._commands: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._overlays: deque[tuple[int, str, str | None]] = deque()
        self._dirty: dict[str, None] = {}
        self._scan = False  # until somebody is there to need it
        self._tickets: list[Future[int]] = []
        self._waiting_tickets: list[Future[int]] = []
        self._history: deque[tuple[str, Future[None]]] = deque()
        self._readers: dict[int, Reader] = {}
        self._sessions: set[int] = set()
        self._failures: dict[str, int] = {}
        self.failed: dict[str, str] = {}  # what the index lacks since the last scan: step, reason
        self._settled = False
        self._house_is_kept = False
        self._look_at_git = True
        self._last_work = time.monotonic()
        self._last_told = 0.0
        self._telling = 0.0  # seconds that it took the last time
        self._told: dict[str, Any] = {}
        self.paused = False
        self.stopping = False
        self.problem = ""

    # --- asked from other threads ------------------------------------------------------------

    def touched(self, paths: list[str]) -> None:
        """Have these files looked at: they were saved, created, moved or deleted."""
        with self._wake:
            self._dirty |= dict.fromkeys(paths)
            self._settled = False
            self._wake.notify()

    def reconcile(self, *, git: bool = False) -> None:
        """Have the whole disk compared with the index."""
        with self._wake:
            self._scan = True
            self._settled = False
            self._look_at_git = self._look_at_git or git
            self._wake.notify()

    def overlay(self, session: int, path: str, text: str | None) -> None:
        """Take what an unsaved buffer holds; None when it was saved or closed."""
        with self._wake:
            self._overlays.append((session, path, text))
            self._settled = False
            self._wake.notify()

    def join(self, session: int) -> None:
        """Note a new session; the first one has the disk looked at."""
        with self._wake:
            self._sessions.add(session)
            if not self.shop.intake.scanned:
                self._scan = True
                self._settled = False
                self._wake.notify()

    def leave(self, session: int) -> None:
        """Forget a session and its buffers."""
        with self._wake:
            self._sessions.discard(session)

            def forget() -> None:
                reader = self._readers.pop(session, None)
                if reader is not None:
                    reader.close()
                self.shop.writer.drop_session(session)

            self._commands.append((forget, Future()))
            self._wake.notify()

    def flush(self) -> int:
        """Return the generation in which all that was written before this call is searchable."""
        ticket: Future[int] = Future()
        with self._wake:
            self._refuse_if_paused("flush")
            self._waiting_tickets.append(ticket)
            self._scan = True
            self._settled = False
            self._wake.notify()
        return ticket.result()

    def want_history(self, path: str) -> Future[None]:
        """Have the history of a file read soon."""
        with self._wake:
            for waiting, done in self._history:
                if waiting == path:
                    return done
            done = Future()
            self._history.append((path, done))
            self._wake.notify()
        return done

    def run_soon(self, command: Callable[[], Any]) -> Future[Any]:
        """Have something done between two steps."""
        done: Future[Any] = Future()
        with self._wake:
            self._commands.append((command, done))
            self._wake.notify()
        return done

    def pause(self) -> None:
        """Stop working; what comes in waits."""
        with self._wake:
            self.paused = True
            tickets, self._tickets = [*self._tickets, *self._waiting_tickets], []
            self._waiting_tickets = []
        for ticket in tickets:
            ticket.set_exception(_paused("flush"))
        self._report()

    def resume(self) -> None:
        """Go on working."""
        with self._wake:
            self.paused = False
            self._scan = True
            self._settled = False
            self._wake.notify()
        self._report()

    def stop(self) -> None:
        """End the loop after the current step."""
        with self._wake:
            self.stopping = True
            self._wake.notify()

    def close_readers(self) -> None:
        """Give back all read connections; the store is about to be closed or replaced."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()

    def _notify(self) -> None:
        with self._wake:
            self._wake.notify()

    @property
    def state(self) -> str:
        """Say how fresh the index is: starting, indexing, paused or ready."""
        if self.paused:
            return "paused"
        if not self.shop.intake.scanned:
            return "starting"
        return "ready" if self._settled else "indexing"

    @property
    def whole(self) -> bool:
        """Whether the index holds all that is on the disk, vectors included."""
        return self.state == "ready" and self.failed.keys() <= _NOT_SEARCHED

    # --- the loop ----------------------------------------------------------------------------

    def run(self, ended: Callable[[], bool]) -> None:
        """Work until stopped, or until `ended` says that nobody needs us any more."""
        while not self.stopping and not ended():
            worked = self._step()
            if worked:
                self._last_work = time.monotonic()
                self._report_sometimes()
            else:
                with self._wake:
                    if not self._has_news():
                        self._wake.wait(self._patience())

    def _has_news(self) -> bool:
        if self._commands or self.stopping:
            return True
        if self.paused:
            return False
        return bool(self._has_changes() or self._history)

    def _has_changes(self) -> bool:
        return bool(self._overlays or self._dirty or self._scan)

    def _patience(self) -> float:
        return 0.05 if self.shop.intake.reading else _IDLE_LOOK_SECONDS

    def _step(self) -> bool:
        """Do the most urgent thing that waits; return whether there was one."""
        if self._do("command", self._command):
            return True
        if self.paused:
            return False
        if self._settled and not self._has_changes():
            return self._at_leisure()
        for name, work in (
            ("buffer", self._buffer),
            ("saved", self._saved),
            ("scan", self._scan_disk),
            ("read", self.shop.intake.pump),
            ("resolve", self._resolve),
            ("embed", self._embed),
            ("vectors", self._index_vectors),
            ("check", self._check),
        ):
            if self._do(name, work):
                return True
        if self.shop.intake.reading:
            return False
        self._settle()
        return self._at_leisure()

    def _at_leisure(self) -> bool:
        """Do what nobody waits for; when all of it is done, do nothing until something comes."""
        return any(
            self._do(name, work)
            for name, work in (
                ("history", self._read_history),
                ("churn", self._read_churn),
                ("housekeeping", self._keep_house),
            )
        )

    def _do(self, name: str, work: Callable[[], bool]) -> bool:
        """Run one kind of work; what fails thrice in a row is left alone and said."""
        if self._failures.get(name, 0) >= _MOST_FAILURES and name not in _TAKING:
            return False
        try:
            worked = work()
        except Exception as error:
            if is_damage(error):
                log.exception("the store is unusable")
                self.close_readers()
                self.shop.rebuild(f"The index was damaged ({error}). It was rebuilt.")
                self.reconcile()
                return True
            # The batch loop: one batch that fails must not end the process for everybody.
            log.exception("%s failed", name)
            self._failures[name] = self._failures.get(name, 0) + 1
            self.failed[name] = str(error)
            self.problem = f"The step {name!r} failed: {error}"
            if name == "saved":
                self.reconcile()  # the names of the files went with it
            if self._failures[name] == _MOST_FAILURES and work == self.shop.intake.pump:
                self.shop.intake.abandon()  # or nobody who waits for it would ever be answered
            if self._failures[name] < _MOST_FAILURES:
                time.sleep(_FAILURE_PAUSE_SECONDS)
            return True
        if worked:
            self._failures.pop(name, None)
            if name in _RESUMING:
                self.failed.pop(name, None)
        return worked

    # --- kinds of work -----------------------------------------------------------------------

    def _command(self) -> bool:
        with self._wake:
            if not self._commands:
                return False
            command, done = self._commands.popleft()
        try:
            done.set_result(command())
        except CodearchError as error:
            done.set_exception(error)
        except Exception as error:  # a fault of ours: whoever asked is told, then it is logged
            done.set_exception(error)
            raise
        return True

    def _buffer(self) -> bool:
        with self._wake:
            if not self._overlays:
                return False
            session, path, text = self._overlays.popleft()
            newer = any(each[:2] == (session, path) for each in self._overlays)
        if newer or session not in self._sessions:
            return True
        self._changed(self.shop.intake.overlay(session, path, text))
        return True

    def _saved(self) -> bool:
        with self._wake:
            if not self._dirty:
                return False
            paths = list(self._dirty)
            self._dirty.clear()
        if self.shop.wants_new_settings(paths):
            self.shop.reload()
            self.reconcile()
        self._changed(self.shop.intake.take(paths))
        return True

    def _scan_disk(self) -> bool:
        with self._wake:
            if not self._scan:
                return False
            self._scan = False
            self._tickets += self._waiting_tickets
            self._waiting_tickets = []
        self._failures.clear()
        self.failed.clear()
        self.problem = ""
        self.shop.reload()  # they may have been edited before any event tells of it
        self.shop.intake.scan()
        return True

    def _resolve(self) -> bool:
        done = 0
        for session in self._due_sessions():
            done += resolve_pending(
                self.shop.connection, session, self._interrupted, self.shop.progress.resolving
            )
        return done > 0

    def _embed(self) -> bool:
        # Words first: the workers want both cores, and vectors follow from memory.
        if self.shop.intake.reading:
            return False
        done = self.shop.embedder.step()
        if done and self.shop.progress.running:
            self.shop.progress.advance("embedding", done, self.shop.embedder.waiting())
        return done > 0

    def _due_sessions(self) -> tuple[int, ...]:
        """Return whose files to resolve and check now: those on disk once all have been read.

        Before that, each batch would change the answers for the ones before.
        """
        return tuple(self._sessions) if self.shop.intake.reading else (*self._sessions, 0)

    def _index_vectors(self) -> bool:
        return not self.shop.intake.reading and self.shop.embedder.index()

    def _check(self) -> bool:
        for session in self._due_sessions():
            reader = self._reader(session)
            done = detecting.check_files(self.shop.connection, reader, self.shop.settings, session)
            if done:
                left = detecting.left_to_check(self.shop.connection)
                self.shop.progress.advance("checking", done, left)
                return True
        if self.shop.intake.reading:
            return False
        return detecting.check_project(self.shop.connection, self._reader(0), self.shop.settings)

    def _settle(self) -> None:
        """Nothing waits: say so to those who asked, unless something has come in meanwhile."""
        with self._wake:
            if self._settled and not self._tickets:
                return
            if self._overlays or self._dirty or self._scan or self._commands:
                return
            self._settled = True
            self._house_is_kept = False
            tickets, self._tickets = self._tickets, []
        self.shop.settled()
        generation = self.shop.writer.generation()
        self.tell("changed", {"generation": generation, "paths": []})
        self._report()
        for ticket in tickets:
            ticket.set_result(generation)

    def _read_history(self) -> bool:
        with self._wake:
            if not self._history:
                return False
            path, done = self._history.popleft()
        news = False
        try:
            if self.shop.settings.history.enabled:
                self._read_churn()
                news = self.shop.memory.read_file(path)
        finally:
            done.set_result(None)
        if news:
            self.tell("changed", {"generation": self.shop.writer.generation(), "paths": [path]})
        return True

    def _read_churn(self) -> bool:
        if not self._look_at_git or not self.shop.settings.history.enabled:
            return False
        self._look_at_git = False
        if self.shop.memory.look():
            self.shop.memory.read_churn(self.shop.settings.history.max_commits)
            for path in self.shop.memory.missed():
                self.want_history(path)
        return True

    def _keep_house(self) -> bool:
        if self._house_is_kept or time.monotonic() - self._last_work < _QUIET_SECONDS:
            return False
        self._house_is_kept = not self.shop.keep_house()
        return not self._house_is_kept

    # --- shared ------------------------------------------------------------------------------

    def _interrupted(self) -> bool:
        """Say whether something more urgent than bulk work has come in."""
        return bool(self._commands or self._overlays or self._dirty or self.stopping or self.paused)

    def _changed(self, paths: list[str]) -> None:
        if paths:
            self.tell("changed", {"generation": self.shop.writer.generation(), "paths": paths})

    def _reader(self, session: int) -> Reader:
        reader = self._readers.get(session)
        if reader is None:
            reader = Reader(self.shop.folder, self.shop.root, session)
            self._readers[session] = reader
        return reader

    def _refuse_if_paused(self, what: str) -> None:
        if self.paused:
            raise _paused(what)

    def _report_sometimes(self) -> None:
        if time.monotonic() - self._last_told >= max(_TELL_SECONDS, self._telling * _TELL_PAUSE):
            self._report()

    def _report(self) -> None:
        """Tell every client the status, if it has changed."""
        began = time.monotonic()
        status = self.shop.status(self.state, self.problem)
        self._last_told = time.monotonic()
        self._telling = self._last_told - began
        if status != self._told:
            self._told = status
            self.tell("status", status)


def _paused(what: str) -> IndexerError:
    message = f"The index is paused, so {what} would never end."
    return IndexerError(message, mend="Resume it first: `codearch.index.resume`.")
