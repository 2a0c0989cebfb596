"""The indexer's one loop: what waits is done in the order of how soon somebody misses it.

Buffers come before saved files, those before bulk work, words before vectors, vectors before
findings, and history last. Each step is short, so that an edit never waits for more than one.
Whatever a step stumbles over meets one guard: damage has the index rebuilt, lost vectors are made
again, and all else is tried again, given up, and said.
"""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any

from codearch.errors import CodearchError, VectorsError
from codearch.index.resolving import Resolving
from codearch.indexer import detecting
from codearch.indexer.checking import Checking, check_what_reads, left_to_check
from codearch.indexer.failures import Failures
from codearch.indexer.leisure import Leisure
from codearch.indexer.reporting import Reporting
from codearch.indexer.telling import Telling
from codearch.indexer.unresolved import guarded
from codearch.indexer.waiting import Command, Waiting
from codearch.store.database import is_damage

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.workshop import Workshop

log = logging.getLogger(__name__)

_FAILURE_PAUSE_SECONDS = 1.0
_GIT_LOOK_SECONDS = 0.02
_IDLE_LOOK_SECONDS = 0.5  # at whether anybody is still there
_READING_LOOK_SECONDS = 0.05  # at what workers have finished
# Work that changes what is found, and no generation counts it.
_UNCOUNTED = frozenset({"encoder", "resolve", "embed", "vectors", "check"})
_ALL_BUT_VECTORS = frozenset({"scan", "saved", "buffer", "read", "resolve", "check"})
_MANY_TEXTS = 1000  # of which progress is told
_MOST_REPAIRS = 3  # in the life of a process: more would help nobody


class Engine:
    """Runs on the main thread alone, but for `state` and `whole`; others ask by `waiting`."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.waiting = Waiting()
        self.failures = Failures()
        self.reporting = Reporting(shop)
        self.telling = Telling(self.status)
        shop.wake, shop.awaited = self.waiting.notify, self.waiting.awaited
        self._settled_generation = -1
        self._worked = False  # at what no generation counts, since it last settled
        self._scan_began: float | None = None  # on the clock of our processor time
        self._repairs = 0
        self.leisure = Leisure(shop, self.waiting, self.telling, self._gives_way)
        self.checking = Checking(self._interrupted)
        self._resolving = Resolving(self._interrupted, shop.progress.resolving, guarded)

    @property
    def state(self) -> str:
        """Say how fresh the index is: starting, indexing, paused or ready."""
        if self.waiting.paused:
            return "paused"
        if not self.shop.intake.scanned:
            return "starting"
        # In this order: what is pending no more has come in by then.
        pending = self.shop.watcher is not None and self.shop.watcher.pending
        fresh = not pending and self.waiting.settled and not self.failures.behind
        return "ready" if fresh else "indexing"

    @property
    def whole(self) -> bool:
        """Whether the index holds all that is on the disk, vectors included."""
        settled = self.waiting.settled and not self.waiting.paused
        return settled and self.failures.searchable and not self.leisure.owes_vectors

    def status(self) -> dict[str, Any]:
        """Return the status object of the root."""
        return self.reporting.status(self.state, self.failures)

    # --- the loop ----------------------------------------------------------------------------

    def run(self, ended: Callable[[], bool]) -> None:
        """Work until stopped, until `ended` says that nobody needs us, or the store is taken away.

        Without its store and lock nobody could tell this process from the one that comes next.
        """
        while not (self.waiting.stopping or ended()):
            if self.shop.lost:
                log.warning("the index was deleted or replaced: leaving it to the next process")
                return
            if self._step():
                self._do("tell", self.telling.status)
            else:
                self.waiting.wait(self._patience())

    def _patience(self) -> float:
        return _READING_LOOK_SECONDS if self.shop.intake.working else _IDLE_LOOK_SECONDS

    def _step(self) -> bool:
        """Do the most urgent thing that waits; return whether there was one."""
        if any(
            self._do(name, work)
            for name, work in (
                ("command", self._command),
                ("tell", self._tell_if_due),
                ("settings", self._follow_user),
            )
        ):
            return True
        if self.waiting.paused:
            return False
        if self.failures.due():
            self.waiting.reconcile()
        if self.waiting.settled and not self.waiting.changes:
            return self._at_leisure()
        for name, work in (
            ("buffer", self._buffer),
            ("saved", self._saved),
            ("scan", self._scan_disk),
            ("embed", self._make_room),
            ("read", self.shop.intake.pump),
            ("encoder", self._load_encoder),
            ("resolve", self._resolve),
            ("check", self._check_buffers),
            *self._in_order(),
        ):
            if self._do(name, work):
                return True
        if self.shop.intake.reading:
            return False
        return self._do("settle", self._settle) or self._at_leisure()

    def _in_order(self) -> tuple[tuple[str, Callable[[], bool]], ...]:
        """Return how vectors are made and findings, and what is awaited of these first."""
        vectors = (("embed", self._embed), ("vectors", self._index_vectors))
        findings = (("check", self._check),)
        if not self._vectors_wait:
            return (*vectors, *findings)
        for phase in ("embedding", "vectors"):
            self.shop.progress.leave_out(phase)
        return (*findings, ("settle", self._serve), *self.leisure.past, *vectors)

    def _at_leisure(self) -> bool:
        """Do what nobody waits for; when all of it is done, do nothing until something comes."""
        return any(self._do(name, work) for name, work in self.leisure.kinds)

    def _do(self, name: str, work: Callable[[], bool]) -> bool:
        """Run one kind of work under the guard; return whether there was any."""
        if self.failures.too_many(name):
            return False
        try:
            worked = work()
        except Exception as error:
            # The batch loop: one batch that fails must not end the process for everybody.
            log.exception("%s failed", name)
            if is_damage(error):
                self._repair(error)
            elif isinstance(error, VectorsError):
                self.renew_vectors(error)
            else:
                self._after_failure(name, error)
            return True
        if worked:
            self._worked |= name in _UNCOUNTED
            self.failures.succeeded(name)
        return worked

    def _repair(self, error: Exception) -> None:
        """Begin the index anew; a disk that damages it again and again is not written to."""
        self._repairs += 1
        if self._repairs > _MOST_REPAIRS:
            raise error
        said = f"The index was damaged ({error})."
        if isinstance(error, CodearchError):
            said = error.message
        self.rebuild(said)

    def rebuild(self, reason: str = "") -> None:
        """Begin the index anew, and have the sessions say again what they had told it."""
        self.shop.rebuild(reason)
        self.waiting.reconcile(git=True)
        self.telling.tell("replaced", {})

    def renew_vectors(self, error: VectorsError) -> None:
        """Begin the vectors anew."""
        self.shop.embedder.renew(error)
        self.waiting.reconcile()

    def _after_failure(self, name: str, error: Exception) -> None:
        self.failures.failed(name, error)
        if name == "saved":
            self.waiting.reconcile()  # the names of the files went with it
        if not self.failures.many(name):
            # What stands in the way may pass (a lock, a full disk); edits wait for three at most.
            time.sleep(_FAILURE_PAUSE_SECONDS)
        elif name == "read":
            self.shop.intake.abandon()  # or nobody who waits for it would ever be answered

    # --- kinds of work -----------------------------------------------------------------------

    def _command(self) -> bool:
        return self._obeyed(self.waiting.command())

    def _obeyed(self, command: Command | None) -> bool:
        if command is None:
            return False
        try:
            command.done.set_result(command.run())
        except CodearchError as error:
            if is_damage(error):
                self.waiting.again(command)
                raise
            command.done.set_exception(error)
        except Exception as error:
            if is_damage(error):
                self.waiting.again(command)
                raise
            log.exception("a command failed")
            command.done.set_exception(error)
        return True

    def _tell_if_due(self) -> bool:
        # What was pending when the state was told may have been nothing to work for.
        if self.waiting.settled and self.telling.told_state != self.state:
            self.telling.due = True
        return self.telling.due and self.telling.status()

    def _buffer(self) -> bool:
        overlay = self.waiting.buffer()
        if overlay is None:
            return False
        try:
            changed = self.shop.intake.overlay(overlay.session, overlay.path, overlay.text)
        except Exception:  # whatever it was, nobody sends this text again: it is not to be lost
            self.waiting.overlay_again(overlay)
            raise
        finally:
            overlay.written.set_result(None)
        self._changed(changed)
        return True

    def _saved(self) -> bool:
        paths = self.waiting.dirty()
        if not paths:
            return False
        if self.shop.wants_new_settings(paths):
            self.shop.reload()
            self.waiting.reconcile()
        self._changed(self.shop.intake.take(paths))
        self._scan_again_after_git()
        return True

    def _scan_disk(self) -> bool:
        if not self.waiting.scan():
            return False
        if not self.shop.intake.waits_for_git():
            self._scan_began = _processor_seconds()
            self.failures.clear()
            self.shop.reload()  # they may have been edited before any event tells of it
            self.shop.intake.scan()
        self._scan_again_after_git()
        return True

    def _scan_again_after_git(self) -> None:
        if self.shop.intake.put_off:
            self.waiting.reconcile()
            time.sleep(_GIT_LOOK_SECONDS)  # it tells nobody when it is done

    def _follow_user(self) -> bool:
        if not self.shop.unwatched_files_changed:
            return False
        self.shop.reload()
        self.waiting.reconcile()
        return True

    def _load_encoder(self) -> bool:
        # Behind whatever is quick: it takes more than a second. Who comes first has the disk looked
        # at and some files read before it.
        nobody_yet = not (self.waiting.sessions or self.shop.intake.scanned)
        if nobody_yet or not self.shop.embedder.awaited or self._vectors_wait:
            return False
        self.shop.load_encoder()
        return True

    def _resolve(self) -> bool:
        done = 0
        for session in self._due_sessions():
            done += self._resolving.resolve_pending(self.shop.connection, session)
        return done > 0

    def _make_room(self) -> bool:
        """Embed some texts before more are read: those of a large workspace would fill memory."""
        embedder = self.shop.embedder
        if not embedder.crowded:
            return False
        if self._vectors_wait or self.shop.holds_vectors:
            embedder.forgo()
            return False
        began = time.monotonic()
        done = embedder.step(self._interrupted)
        self.shop.progress.embedded_ahead(time.monotonic() - began)
        return done > 0

    @property
    def _vectors_wait(self) -> bool:
        """Whether somebody waits for findings or for history, and nobody for vectors."""
        if self.waiting.awaited():
            return not self.waiting.awaits("embed")
        return self.waiting.all_history or self.leisure.past_is_awaited

    def _embed(self) -> bool:
        # Words first: the workers want both cores, and vectors follow from memory.
        if self.shop.intake.reading or self.shop.holds_vectors:
            return False
        done, progress = self.shop.embedder.step(self._interrupted), self.shop.progress
        if not done:
            return False
        left = self.shop.embedder.waiting()
        if left > _MANY_TEXTS and not progress.running:  # somebody was answered before them
            progress.note("embedding", 0, done + left)
        progress.advance("embedding", done, left)
        return True

    def _due_sessions(self) -> tuple[int, ...]:
        """Return whose files to resolve now: those on disk once all have been read.

        Before that, each batch would change the answers for the ones before.
        """
        sessions = tuple(self.waiting.sessions)
        return sessions if self.shop.intake.reading else (*sessions, 0)

    def _index_vectors(self) -> bool:
        return not self.shop.intake.reading and self.shop.embedder.index()

    def _check_buffers(self) -> bool:
        """Check what somebody types in before all else: its findings are waited for."""
        done = 0
        for session in self.waiting.sessions:
            reader = self.shop.loop_readers.of(session)
            done += self.checking.check(self.shop.connection, reader, self.shop.settings)
        if done:
            self.telling.checked()
        return done > 0

    def _check(self) -> bool:
        shop = self.shop
        reading = bool(shop.intake.reading)
        if not reading:
            check_what_reads(shop.connection, shop.settings)
        for session in (*self.waiting.sessions, 0):
            done = self.checking.check(
                shop.connection,
                shop.loop_readers.of(session),
                shop.settings,
                reading=reading and session == 0,
            )
            if done:
                if not reading:
                    left = left_to_check(shop.connection)
                    shop.progress.advance("checking", done, left)
                return True
        if shop.intake.reading:
            return False
        shop.progress.compares()
        return detecting.check_project(
            shop.connection, shop.loop_readers.of(0), shop.settings, self._gives_way
        )

    def _serve(self) -> bool:
        """Answer who waits for no vectors, as nothing else is left to do."""
        if self.shop.intake.reading:
            return False
        tickets = self.waiting.served(_ALL_BUT_VECTORS)
        if not tickets:
            return False
        generation = self.shop.writer.generation()
        for ticket in tickets:
            ticket.done.set_result(generation)
        self.shop.progress.end()
        return True

    def _settle(self) -> bool:
        """Nothing waits: say so to those who asked, unless something has come in meanwhile."""
        tickets = self.waiting.settle()
        if tickets is None:
            return False
        self.failures.settled()
        try:
            self.shop.settled()
            generation = self.shop.writer.generation()
            self.telling.due = True
            self.telling.status()  # before the flush: who waits for it sees all bars ended
        except Exception as error:
            if is_damage(error):
                self.waiting.unsettle(tickets)
            else:
                for ticket in tickets:
                    ticket.done.set_exception(error)
            raise
        news = self._worked or generation != self._settled_generation
        self.leisure.begin(news=news)
        if news:
            self.telling.changed(generation, [])
        elif self._scan_began is not None and self.shop.watcher is not None:
            self.shop.watcher.comparing_took(_processor_seconds() - self._scan_began)
        self._settled_generation, self._worked, self._scan_began = generation, False, None
        for ticket in tickets:
            ticket.done.set_result(generation)
        return True

    # --- shared ------------------------------------------------------------------------------

    def _interrupted(self) -> bool:
        return self.waiting.urgent

    def _gives_way(self) -> bool:
        """Say whether a step that would begin anew has to end; who only asks is answered in it.

        A window that asks for the status again and again would else have it never get to its end.
        """
        while self._obeyed(self.waiting.question()):
            pass
        return self._interrupted()

    def _changed(self, paths: list[str]) -> None:
        if paths:
            self.telling.changed(self.shop.writer.generation(), paths)


def _processor_seconds() -> float:
    """Return the processor time of this thread so far, and of the git processes that ended."""
    times = os.times()
    return time.thread_time() + times.children_user + times.children_system
