"""One connection to an indexer: questions out, answers and events in, until either side ends it."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from codearch.errors import IndexerLostError
from codearch.indexer.protocol import Request, Wire, decode_message, encode, hang_up, raised

if TYPE_CHECKING:
    from collections.abc import Callable

COMES_BACK = "It starts again by itself; ask again."


class Line:
    """Hands each answer to whoever asked; at its end all who still wait get IndexerLostError.

    `on_event` and `on_end` are called on the line's own thread.
    """

    def __init__(
        self,
        wire: Wire,
        on_event: Callable[[str, dict[str, Any]], None],
        on_end: Callable[[Line], None],
    ) -> None:
        self._wire = wire
        self._on_event = on_event
        self._on_end = on_end
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._ended = False
        threading.Thread(target=self._read, name="codearch-indexer-client", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether nothing will come any more."""
        return self._ended

    def ask(self, method: str, params: dict[str, Any]) -> Future[Any]:
        """Ask, and return what will hold the answer; raises IndexerLostError at the line's end."""
        future: Future[Any] = Future()
        try:
            with self._lock:
                if self._ended:
                    message = "The indexer is not there."
                    raise IndexerLostError(message, mend=COMES_BACK)
                number = next(self._numbers)
                self._waiting[number] = future
                self._wire.send_bytes(encode(Request(number, method, params)))
        except (OSError, ValueError) as error:
            self._end(f"The indexer cannot be reached: {error}.")
        return future

    def close(self) -> None:
        """End the line; whoever still waits is told at once."""
        hang_up(self._wire)
        self._end("The connection to the indexer was closed.")

    def _read(self) -> None:
        while True:
            try:
                message = decode_message(self._wire.recv_bytes())
            except (EOFError, OSError, TypeError):  # TypeError: closed by us while we waited
                break
            if message.event:
                self._on_event(message.event, message.result or {})
                continue
            future = self._waiting.pop(message.id, None)
            if future is None:
                continue
            if message.error is not None:
                future.set_exception(raised(message.error))
            else:
                future.set_result(message.result)
        self._end("The indexer ended before it answered.")
        self._wire.close()

    def _end(self, message: str) -> None:
        with self._lock:
            first, self._ended = not self._ended, True
            waiting, self._waiting = list(self._waiting.values()), {}
        if first:
            self._on_end(self)  # before anybody asks again because of it
        for future in waiting:
            future.set_exception(IndexerLostError(message, mend=COMES_BACK))
