"""Git's turn in the loop: the blame of a file that somebody looks at, and the history of all.

Last come the commits that rules want to know of single comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.indexer.origins import Asking

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from codearch.indexer.waiting import Waiting
    from codearch.indexer.workshop import Workshop

_ANSWERED_AT_ONCE = 40  # files


class Looking:
    """Has read what git knows when somebody looks, and at leisure. The engine's thread alone."""

    def __init__(self, shop: Workshop, waiting: Waiting, gives_way: Callable[[], bool]) -> None:
        self._shop = shop
        self._gives_way = gives_way  # what is asked of one file would begin anew
        self._waiting = waiting
        self._lookers: list[Future[None]] = []  # who waits until the history has been read
        self.awaited = False  # the history of all, which is read on the battery too then
        self._asking = Asking(shop)
        self._answered: list[str] = []  # files whose findings history tells more of
        self._mute = False  # it failed: nobody is to wait for it

    def blame(self) -> tuple[bool, list[str]]:
        """Read what the next one who looks waits for; return whether there was one, and news."""
        look = self._waiting.history()
        if look is None:
            return False, []
        news = False
        try:
            if self._shop.settings.history.enabled:
                self._look_at_git(surely=not look.path)
                news = bool(look.path) and self._shop.memory.read_file(look.path)
        except BaseException:
            look.done.set_result(None)
            raise
        if look.path and not self._owes_history:
            look.done.set_result(None)  # of the lines of a file all is known
        else:
            self._lookers.append(look.done)
        self.awaited |= not look.path
        if not self._owes_history and not self._owes_origins:
            self._history_is_read()
        return True, [look.path] if news else []

    def history(self, interrupted: Callable[[], bool]) -> bool:
        """Read the history of all files on for some milliseconds; return whether there was more."""
        self._look_at_git()
        if self._owes_history:
            if self._shop.memory.read_history(interrupted):
                if self._shop.memory.has_news:
                    self._waiting.reconcile()  # rules that look at the history run again
                if not self._owes_origins:
                    self._history_is_read()
            return True
        if not self._owes_origins:
            return False
        try:
            path = self._asking.step(self._gives_way)
        except BaseException:
            self._mute = True
            self._history_is_read()
            raise
        self._answered += [path] if path else []
        owed = self._owes_origins
        if self._answered and (not owed or len(self._answered) >= _ANSWERED_AT_ONCE):
            self._waiting.touched(self._answered)  # their findings say more now
            self._answered = []
        if not owed:
            self._history_is_read()
        return True

    @property
    def _owes_history(self) -> bool:
        """Whether the history is to be read on now."""
        held = self._shop.holds("churn") and not self.awaited
        return self._shop.settings.history.enabled and not held and self._shop.memory.owes_history

    @property
    def _owes_origins(self) -> bool:
        """Whether git is to be asked now what rules want to know of comments and docs."""
        held = self._shop.holds("churn") and not self.awaited
        enabled = self._shop.settings.history.enabled and not self._mute
        return enabled and not held and self._asking.owed

    def _look_at_git(self, *, surely: bool = False) -> None:
        """See whether HEAD has moved, and have read what that brings."""
        if not self._shop.settings.history.enabled:
            return
        if not surely and (self._shop.holds("churn") or not self._waiting.git()):
            return
        moved = self._shop.memory.look()
        self._shop.memory.want_history(self._shop.settings.history.max_commits)
        for path in self._shop.memory.missed() if moved else ():
            self._waiting.look(path)

    def _history_is_read(self) -> None:
        """Let those go on who wait for it."""
        lookers, self._lookers, self.awaited = self._lookers, [], False
        for done in lookers:
            done.set_result(None)
