"""One connection to an indexer: questions out, answers and events in, until either side ends it."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.errors import IndexerLostError
from codearch.indexer.patience import Patience
from codearch.indexer.protocol import Request, Wire, decode_message, encode, hang_up, raised
from codearch.indexer.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

COMES_BACK = "It starts again by itself; ask again."
PING_SECONDS = 5.0  # of silence, after which a process is asked whether it is there
_FLUSH_SECONDS = 0.2  # that the other side has to take what it was told last
STOPPED_SECONDS = 20.0  # that it has to say so, or to work: a busy one takes milliseconds


class Line:
    """Hands each answer to whoever asked; at its end all who still wait get IndexerLostError.

    `pid` is that of the indexer; `on_event` and `on_end` are called on the line's own thread.
    """

    def __init__(
        self,
        wire: Wire,
        pid: int,
        on_event: Callable[[str, dict[str, Any]], None],
        on_end: Callable[[Line], None],
    ) -> None:
        self._wire, self._pid = wire, pid
        self._on_event = on_event
        self._on_end = on_end
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._ended = False
        self._heard_at = self._pinged_at = time.monotonic()
        self._patience = Patience(pid, STOPPED_SECONDS)  # since then
        self._sender = Sender(wire, self._failed)
        threading.Thread(target=self._read, name="codearch-indexer-client", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether nothing will come any more."""
        return self._ended

    def ask(self, method: str, params: dict[str, Any]) -> Future[Any]:
        """Ask, and return what will hold the answer; raises IndexerLostError at the line's end."""
        future: Future[Any] = Future()
        with self._lock:
            if self._ended:
                message = "The indexer is not there."
                raise IndexerLostError(message, mend=COMES_BACK)
            number = next(self._numbers)
            frame = encode(Request(number, method, params))
            self._waiting[number] = future
            self._sender.send(frame)
        return future

    def is_stopped(self) -> bool:
        """Say whether the other side is silent though asked: to be called while somebody waits.

        A process that was stopped keeps its connections, and would be waited for without end.
        """
        now = time.monotonic()
        if self._pinged_at > self._heard_at:
            return not self._patience.lasts()
        if now - self._heard_at > PING_SECONDS:
            self._pinged_at, self._patience = now, Patience(self._pid, STOPPED_SECONDS)
            self.ask("ping", {})
        return False

    def close(self) -> None:
        """End the line; whoever still waits is told at once."""
        self._sender.flush(_FLUSH_SECONDS)
        hang_up(self._wire)
        self._end("The connection to the indexer was closed.")

    def _read(self) -> None:
        try:
            self._read_all()
        finally:
            self._end("The indexer ended before it answered.")
            self._wire.close()

    def _read_all(self) -> None:
        while True:
            try:
                message = decode_message(self._wire.recv_bytes())
            except (EOFError, OSError, TypeError):  # TypeError: closed by us while we waited
                return
            except msgspec.DecodeError as error:
                log.warning("the indexer sent a frame that is none of ours: %s", error)
                return
            self._heard_at = time.monotonic()
            if message.event:
                self._on_event(message.event, message.result or {})
                continue
            with self._lock:
                future = self._waiting.pop(message.id, None)
            if future is None:
                continue
            if message.error is not None:
                future.set_exception(raised(message.error))
            else:
                future.set_result(message.result)

    def _failed(self, reason: str) -> None:
        self._end(f"The indexer cannot be reached: {reason}.")

    def _end(self, message: str) -> None:
        with self._lock:
            first, self._ended = not self._ended, True
            waiting, self._waiting = list(self._waiting.values()), {}
        self._sender.close()
        if first:
            self._on_end(self)  # before anybody asks again because of it
        for future in waiting:
            future.set_exception(IndexerLostError(message, mend=COMES_BACK))
