"""Sending frames without waiting for whoever should read them: a stopped process reads nothing."""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING

from codearch.indexer.protocol import hang_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.protocol import Wire

MOST_BYTES = 64_000_000  # that may wait for one reader who takes nothing
STUCK_SECONDS = 10.0  # after which a reader takes nothing


class Sender:
    """Sends what it is given, in order, on a thread of its own. Safe from any thread.

    Where the other side is gone, or leaves too much unread, the connection is ended: its reader
    notices, and `on_failure` is called with the reason, on that thread.
    """

    def __init__(self, wire: Wire, on_failure: Callable[[str], None]) -> None:
        self._wire = wire
        self._on_failure = on_failure
        self._queue: SimpleQueue[bytes | Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._unread = 0
        self._moved_at = time.monotonic()
        threading.Thread(target=self._run, name="codearch-sender", daemon=True).start()

    def send(self, frame: bytes) -> None:
        """Have a frame sent after those before it."""
        with self._lock:
            if not self._unread:
                self._moved_at = time.monotonic()
            stuck = time.monotonic() - self._moved_at > STUCK_SECONDS
            too_much = stuck and self._unread > MOST_BYTES
            self._unread += len(frame)
        if too_much:
            hang_up(self._wire)  # which ends what it is just being sent
        self._queue.put(frame)

    def flush(self, seconds: float) -> None:
        """Wait until all has been sent, at most so long."""
        sent = threading.Event()
        self._queue.put(sent.set)
        sent.wait(seconds)

    def finish(self) -> None:
        """Hang up once all has been sent."""
        self._queue.put(lambda: hang_up(self._wire))
        self.close()

    def close(self) -> None:
        """Send no more than was given before."""
        self._queue.put(None)

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if not isinstance(item, bytes):
                item()
                continue
            try:
                self._wire.send_bytes(item)
            except (OSError, ValueError, TypeError) as error:  # the latter: closed while we sent
                hang_up(self._wire)
                self._on_failure(str(error))
                return
            with self._lock:
                self._unread -= len(item)
                self._moved_at = time.monotonic()
