"""What waits for the loop: asked for by any thread, taken by the loop's own."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple

from codearch.errors import PausedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet


class Command(NamedTuple):
    """Something to be done between two steps, and who waits for what it gives.

    One that only `asks` changes nothing, and may be answered in the midst of a long step.
    """

    run: Callable[[], Any]
    done: Future[Any]
    asks: bool = False


class Overlay(NamedTuple):
    """What a buffer holds, None once it was saved or closed; `written` when the index has it."""

    session: int
    path: str
    text: str | None
    written: Future[None]


class Ticket(NamedTuple):
    """A flush, and the steps of the loop that it waits for; without any it waits for all."""

    steps: frozenset[str]
    done: Future[int]


class Look(NamedTuple):
    """A file whose history somebody wants to see; "" where it is that of all files."""

    path: str
    done: Future[None]


class Waiting:
    """Holds what waits, by how soon somebody misses it. Safe from any thread."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._commands: deque[Command] = deque()
        self._overlays: deque[Overlay] = deque()
        self._unwritten: dict[tuple[int, str], Overlay] = {}  # that the index could not take
        self._dirty: dict[str, None] = {}
        self._scan = False  # until somebody is there to need it
        self._git = True
        self._history: deque[Look] = deque()
        self._unscanned: list[Ticket] = []  # flushes that came after the last scan began
        self._tickets: list[Ticket] = []
        self._pausing: set[int] = set()
        self.sessions: set[int] = set()
        self.settled = False  # whether all that came in has been worked off
        self.stopping = False

    # --- asked for ---------------------------------------------------------------------------

    def touched(self, paths: list[str]) -> None:
        """Have these files looked at: they were saved, created, moved or deleted."""
        with self._news:
            self._dirty |= dict.fromkeys(paths)
            self._unsettle()

    def reconcile(self, *, git: bool = False) -> None:
        """Have the whole disk compared with the index, and with `git` the history looked at."""
        with self._news:
            self._scan = True
            self._git = self._git or git
            self._unsettle()

    def overlay(self, session: int, path: str, text: str | None) -> None:
        """Take what an unsaved buffer holds; None when it was saved or closed."""
        with self._news:
            self._overlays.append(Overlay(session, path, text, Future()))
            self._unwritten.pop((session, path), None)
            self._unsettle()

    def overlay_again(self, overlay: Overlay) -> None:
        """Keep what the index could not take until the disk is compared the next time."""
        with self._news:
            newer = any(each[:2] == overlay[:2] for each in self._overlays)
            if overlay.session in self.sessions and not newer:
                self._unwritten[overlay[:2]] = overlay._replace(written=Future())

    def overlaid(self, session: int) -> Future[Any]:
        """Return what is done once the buffers that a session has sent so far are in the index."""
        with self._news:
            mine = [each.written for each in self._overlays if each.session == session]
            return mine[-1] if mine else self._append(lambda: None)

    def flush(self, steps: Iterable[str] = ()) -> Future[int]:
        """Return what will hold the generation in which all that was written before is searchable.

        With `steps` it holds one in which these have nothing left to do. Raises PausedError where
        that would never come.
        """
        ticket = Ticket(frozenset(steps), Future())
        with self._news:
            self.refuse_if_paused("a flush")
            self._unscanned.append(ticket)
            self._scan = self._git = True
            self._unsettle()
        return ticket.done

    def look(self, path: str) -> Future[None]:
        """Have the history of a file read soon."""
        with self._news:
            for waiting in self._history:
                if waiting.path == path:
                    return waiting.done
            done: Future[None] = Future()
            self._history.append(Look(path, done))
            self._news.notify()
        return done

    def run_soon(self, command: Callable[[], Any]) -> Future[Any]:
        """Have something done between two steps."""
        with self._news:
            return self._append(command)

    def ask(self, question: Callable[[], Any]) -> Future[Any]:
        """Have something looked up, which changes nothing."""
        with self._news:
            return self._append(question, asks=True)

    def join(self, session: int, *, scan: bool) -> None:
        """Note a new session; the first one has the disk looked at."""
        with self._news:
            self.sessions.add(session)
            if scan:
                self._scan = True
                self._unsettle()

    def leave(self, session: int) -> None:
        """Forget a session, and the pause that it asked for."""
        with self._news:
            self.sessions.discard(session)
            for key in [key for key in self._unwritten if key[0] == session]:
                del self._unwritten[key]
            if session in self._pausing:
                self._pausing.discard(session)
                self._scan = True
                self._unsettle()

    def pause(self, session: int) -> None:
        """Stop working until resumed, or until the session ends; what comes in waits.

        A session that has ended before its wish was heard would never take it back.
        """
        with self._news:
            if session not in self.sessions:
                return
            self._pausing.add(session)
            tickets, self._tickets = [*self._tickets, *self._unscanned], []
            self._unscanned = []
        for ticket in tickets:
            ticket.done.set_exception(_paused("a flush"))

    def resume(self) -> None:
        """Go on working, whoever paused it."""
        with self._news:
            self._pausing.clear()
            self._scan = True
            self._unsettle()

    def stop(self) -> None:
        """End the loop after the current step."""
        with self._news:
            self.stopping = True
            self._news.notify()

    def notify(self) -> None:
        """Have the loop look again."""
        with self._news:
            self._news.notify()

    @property
    def paused(self) -> bool:
        """Whether somebody has paused the work."""
        return bool(self._pausing)

    def refuse_if_paused(self, what: str) -> None:
        """Raise PausedError if the work is paused."""
        if self.paused:
            raise _paused(what)

    # --- taken -------------------------------------------------------------------------------

    def command(self) -> Command | None:
        """Take the next command."""
        with self._news:
            return self._commands.popleft() if self._commands else None

    def question(self) -> Command | None:
        """Take the next command if it only asks: what came before it is done before it."""
        with self._news:
            return self._commands.popleft() if self._commands and self._commands[0].asks else None

    def again(self, command: Command) -> None:
        """Put a command back, to be run before all others."""
        with self._news:
            self._commands.appendleft(command)

    def buffer(self) -> Overlay | None:
        """Take the next buffer, past those with newer text behind them and those of the gone."""
        with self._news:
            while self._overlays:
                overlay = self._overlays.popleft()
                newer = any(each[:2] == overlay[:2] for each in self._overlays)
                if overlay.session in self.sessions and not newer:
                    return overlay
                overlay.written.set_result(None)
            return None

    def dirty(self) -> list[str]:
        """Take the files that were touched."""
        with self._news:
            paths = list(self._dirty)
            self._dirty.clear()
            return paths

    def scan(self) -> bool:
        """Take the wish to have the disk compared with the index; buffers are tried again then."""
        with self._news:
            wanted, self._scan = self._scan, False
            if wanted:
                self._overlays += self._unwritten.values()
                self._unwritten.clear()
            self._tickets += self._unscanned
            self._unscanned = []
            return wanted

    def git(self) -> bool:
        """Take the wish to have the history looked at."""
        with self._news:
            wanted, self._git = self._git, False
            return wanted

    def history(self) -> Look | None:
        """Take the next file whose history is wanted."""
        with self._news:
            return self._history.popleft() if self._history else None

    def served(self, steps: AbstractSet[str]) -> list[Ticket]:
        """Take the flushes that are done, as these steps have nothing left to do for now."""
        with self._news:
            if self.changes or self._commands:
                return []
            done = [each for each in self._tickets if each.steps and each.steps <= steps]
            self._tickets = [each for each in self._tickets if each not in done]
            return done

    def settle(self) -> list[Ticket] | None:
        """Take the flushes that are done, as nothing waits any more; None where something does."""
        with self._news:
            if self.settled and not self._tickets:
                return None
            if self.changes or self._commands:
                return None
            self.settled = True
            tickets, self._tickets = self._tickets, []
            return tickets

    def unsettle(self, tickets: list[Ticket]) -> None:
        """Put flushes back: they are not done after all."""
        with self._news:
            self._tickets += tickets
            self._scan = True
            self.settled = False

    @property
    def changes(self) -> bool:
        """Whether disk or buffers are ahead of the index, as far as is known."""
        return bool(self._overlays or self._dirty or self._scan)

    @property
    def urgent(self) -> bool:
        """Whether something more urgent than bulk work has come in."""
        return bool(self._commands or self._overlays or self._dirty or self.stopping or self.paused)

    def awaited(self) -> bool:
        """Say whether somebody waits for a flush."""
        return bool(self._tickets or self._unscanned)

    def awaits(self, step: str) -> bool:
        """Say whether somebody waits for a flush that this step belongs to."""
        tickets = [*self._tickets, *self._unscanned]
        return any(not each.steps or step in each.steps for each in tickets)

    @property
    def all_history(self) -> bool:
        """Whether somebody has asked for the history of all files."""
        return any(not look.path for look in self._history)

    def wait(self, seconds: float) -> None:
        """Wait until there is something to do, or so long."""
        with self._news:
            if not self._has_news():
                self._news.wait(seconds)

    # --- inside, under the condition ---------------------------------------------------------

    def _has_news(self) -> bool:
        if self._commands or self.stopping:
            return True
        return not self.paused and bool(self.changes or self._history)

    def _append(self, command: Callable[[], Any], *, asks: bool = False) -> Future[Any]:
        done: Future[Any] = Future()
        self._commands.append(Command(command, done, asks))
        self._news.notify()
        return done

    def _unsettle(self) -> None:
        self.settled = False
        self._news.notify()


def _paused(what: str) -> PausedError:
    message = f"The index is paused, so {what} would never end."
    return PausedError(message, mend="Resume it first: `codearch.index.resume`.")
