"""A client's session with the indexer: calls, events, and coming back after a loss."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any, Self

from codearch.errors import Cancelled, IndexerError, IndexerLostError, IndexerStartError
from codearch.indexer import launch
from codearch.indexer.line import COMES_BACK, Line
from codearch.indexer.patience import Patience
from codearch.indexer.protocol import Wire, transportable
from codearch.settings import note_use, root_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Future
    from pathlib import Path

    from codearch.indexer.protocol import Endpoint

log = logging.getLogger(__name__)

DEATHS_IN_A_MINUTE = 3
_CANCEL_POLL_SECONDS = 0.05
_STEADY_SECONDS = 5.0  # an indexer that leaves sooner counts as one that died
_OVERLAID_SECONDS = 5.0  # that the first question after a loss waits for the buffers
# What may be asked again after a loss, since it does no harm if it was answered already; all but a
# search, which the next indexer would answer before it has looked at the disk.
_REPEATABLE = frozenset(
    {"status", "flush", "rebuild", "overlay", "discard", "touched", "configure", "study"}
)
SEARCHES = frozenset({"search", "similar"})
Event = dict[str, Any]


class Client:
    """One session with the indexer of a root. Safe from any thread.

    A lost connection fails the calls in flight with IndexerLostError, but for those that can be
    asked twice: they are, and with them those that `repeating` names. The next call starts or finds
    the indexer again and repeats what the session had told it (`configure`, buffers), until three
    losses within a minute.
    """

    def __init__(
        self,
        root: Path,
        *,
        client_settings: dict[str, Any] | None = None,
        on_event: Callable[[str, Event], None] = lambda _event, _params: None,
        repeating: Collection[str] = (),
    ) -> None:
        self.root = root
        self.session = 0
        self._client_settings = client_settings or {}
        self._on_event = on_event
        self._repeatable = _REPEATABLE.union(repeating)
        self._buffers: dict[str, str] = {}
        self._line: Line | None = None
        self._pid = 0  # of the indexer at its other end
        self._opening = threading.RLock()  # held while the indexer is found or started
        self._deaths: list[float] = []
        self._why = ""  # the last of them was, as far as it said
        self._opened_at = 0.0
        self._leaves = False  # whether the indexer has said that it leaves
        self._closed = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        """Whether the indexer is there."""
        return self._line is not None

    def open(self) -> None:
        """Find or start the indexer and introduce ourselves; does nothing while connected."""
        try:
            self._open()
        except IndexerLostError:  # it was about to leave as we came
            self._open()

    def _open(self) -> None:
        with self._opening:
            if self._line is not None and not self._line.ended:
                return
            if self._closed:
                message = "The connection to the indexer is closed."
                raise IndexerError(message)
            self._refuse_after_three_deaths()
            wire, endpoint = self._found()
            self._pid = endpoint.pid
            line = Line(wire, self._pid, self._told, self._lost)
            try:
                hello = _awaited(line.ask("hello", {"settings": self._client_settings}), self._pid)
                self.session = int(hello["session"])
                self._tell_buffers(line)
            except IndexerError:
                self._died()
                line.close()
                raise
            except BaseException:  # ours: no death of the indexer
                line.close()
                raise
            self._line, self._leaves = line, False
            self._opened_at = time.monotonic()
            if line.ended:  # so soon that nobody knew it for ours
                self._lost(line)
            note_use(root_cache(self.root))
            if self._buffers:
                self.wait_for_buffers(_OVERLAID_SECONDS)
        if self._closed:  # while it was being found
            self.close()

    def close(self) -> None:
        """Leave; the indexer forgets the session's buffers."""
        self._closed = True
        line, self._line = self._line, None
        if line is not None:
            line.close()
            note_use(root_cache(self.root))

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Ask and wait; raise what the indexer raised, Cancelled, or IndexerError if it is lost."""
        try:
            return self._called(method, params or {}, cancelled)
        except IndexerLostError:
            if method not in self._repeatable or self._closed:
                raise
        return self._called(method, params or {}, cancelled)

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Ask without waiting for an answer; without a connection nothing is asked."""
        line = self._line
        if line is not None:
            try:
                line.ask(method, params)
            except IndexerLostError:
                return

    def overlay(self, path: str, text: str) -> None:
        """Tell the indexer what an unsaved buffer holds."""
        text = transportable(text)
        self._buffers[path] = text
        self.call("overlay", {"path": path, "text": text})

    def discard(self, path: str) -> None:
        """Tell the indexer that a buffer was saved or closed."""
        if self._buffers.pop(path, None) is not None:
            self.call("discard", {"path": path})

    def wait_for_buffers(self, seconds: float) -> bool:
        """Wait until the index holds the buffers that it has been told of; False if it does not."""
        line = self._line
        if line is None:
            return False
        try:
            line.ask("overlaid", {}).result(seconds)
        except (IndexerError, FutureTimeout):
            return False
        return True

    def configure(self, client_settings: dict[str, Any]) -> None:
        """Hand on the editor's settings."""
        self._client_settings = client_settings
        self.call("configure", {"settings": client_settings})

    # --- coming and going --------------------------------------------------------------------

    def _called(self, method: str, params: dict[str, Any], cancelled: Callable[[], bool]) -> Any:
        self.open()
        line = self._line
        if line is None:
            message = f"The indexer of {self.root} ended before it was asked."
            raise IndexerLostError(message, mend=COMES_BACK)
        future = line.ask(method, params)
        while True:
            try:
                return future.result(_CANCEL_POLL_SECONDS)
            except FutureTimeout:
                if cancelled():
                    message = "The request was cancelled."
                    raise Cancelled(message) from None
                if line.is_stopped():
                    log.warning("the indexer, process %d, says nothing any more", self._pid)
                    launch.end(self._pid, self.root)
                    line.close()

    def _told(self, event: str, told: Event) -> None:
        if event == "replaced" and self._line is not None:
            self._tell_buffers(self._line)
        elif event == "leaving":
            self._leaves = True
        else:
            self._on_event(event, told)

    def _tell_buffers(self, line: Line) -> None:
        for path, text in list(self._buffers.items()):
            line.ask("overlay", {"path": path, "text": text})

    def _lost(self, line: Line) -> None:
        if self._line is not line:
            return
        self._line = None
        if self._closed:
            return
        now = time.monotonic()
        if not self._leaves or now - self._opened_at < _STEADY_SECONDS:
            self._died()
        self._on_event("lost", {})

    def _refuse_after_three_deaths(self) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < 60]
        if len(self._deaths) >= DEATHS_IN_A_MINUTE:
            message = f"The indexer of {self.root} died {len(self._deaths)} times within a minute."
            message = f"{message} {self._why}".rstrip()
            mend = "Answers come from words alone for now; `codearch doctor` looks for the reason."
            raise IndexerError(message, mend=mend)

    def _found(self) -> tuple[Wire, Endpoint]:
        try:
            return launch.connect_or_start(self.root)
        except IndexerStartError as error:
            self._died(error.message)
            raise

    def _died(self, why: str = "") -> None:
        self._deaths.append(time.monotonic())
        self._why = why


def _awaited(asked: Future[Any], pid: int) -> Any:
    """Return an answer that has to come soon; raises IndexerError if its process is silent."""
    patience = Patience(pid, launch.START_TIMEOUT_SECONDS)
    while patience.lasts():
        with contextlib.suppress(FutureTimeout):
            return asked.result(_CANCEL_POLL_SECONDS)
    message = f"The indexer has been silent for {launch.START_TIMEOUT_SECONDS:g} s."
    raise IndexerError(message, mend="`codearch doctor` looks for the reason.")


def connect(root: Path, **options: Any) -> Client:
    """Return an open session with the indexer of `root`; see Client for the options."""
    client = Client(root, **options)
    client.open()
    return client
