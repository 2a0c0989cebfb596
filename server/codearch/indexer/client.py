"""A client's end of the socket: calls, events, and coming back after a loss."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any, Self

from codearch import __version__
from codearch.errors import Cancelled, CodearchError, IndexerError
from codearch.indexer import launch
from codearch.indexer.protocol import Request, Wire, decode_message, encode, raised

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEATHS_IN_A_MINUTE = 3
_CANCEL_POLL_SECONDS = 0.05
Event = dict[str, Any]


class Client:
    """One session with the indexer of a root. Safe from any thread.

    A lost connection fails the calls in flight with IndexerError; the next call starts or finds
    the indexer again and repeats what the session had told it (`configure`, buffers), until three
    losses within a minute.
    """

    def __init__(
        self,
        root: Path,
        *,
        client_settings: dict[str, Any] | None = None,
        on_event: Callable[[str, Event], None] = lambda _event, _params: None,
    ) -> None:
        self.root = root
        self.session = 0
        self._client_settings = client_settings or {}
        self._on_event = on_event
        self._buffers: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Any]] = {}
        self._connection: Wire | None = None
        self._lock = threading.RLock()
        self._deaths: list[float] = []
        self._closed = False

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connected(self) -> bool:
        """Whether the indexer is there."""
        return self._connection is not None

    def open(self) -> None:
        """Find or start the indexer and introduce ourselves; does nothing while connected."""
        with self._lock:
            if self._connection is not None:
                return
            if self._closed:
                message = "The connection to the indexer is closed."
                raise IndexerError(message)
            self._refuse_after_three_deaths()
            connection, endpoint = launch.connect_or_start(self.root)
            if endpoint.version != __version__:
                connection = self._replace(connection)
            self._start_reading(connection)
            self._connection = connection
            hello = self._ask("hello", {"settings": self._client_settings})
            self.session = int(hello["session"])
            for path, text in self._buffers.items():
                self._ask("overlay", {"path": path, "text": text})

    def close(self) -> None:
        """Leave; the indexer forgets the session's buffers."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        self._fail_waiting("The connection to the indexer was closed.", "")

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Ask and wait; raise what the indexer raised, Cancelled, or IndexerError if it is lost."""
        self.open()
        future = self._send(method, params or {})
        while True:
            try:
                return future.result(_CANCEL_POLL_SECONDS)
            except FutureTimeout:
                if cancelled():
                    message = "The request was cancelled."
                    raise Cancelled(message) from None

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Ask without waiting for an answer; without a connection nothing is asked."""
        if self._connection is not None:
            with contextlib.suppress(IndexerError):
                self._send(method, params)

    def overlay(self, path: str, text: str) -> None:
        """Tell the indexer what an unsaved buffer holds."""
        self._buffers[path] = text
        self.call("overlay", {"path": path, "text": text})

    def discard(self, path: str) -> None:
        """Tell the indexer that a buffer was saved or closed."""
        if self._buffers.pop(path, None) is not None:
            self.call("discard", {"path": path})

    def configure(self, client_settings: dict[str, Any]) -> None:
        """Hand on the editor's settings."""
        self._client_settings = client_settings
        self.call("configure", {"settings": client_settings})

    # --- the wire ----------------------------------------------------------------------------

    def _refuse_after_three_deaths(self) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < 60]
        if len(self._deaths) >= DEATHS_IN_A_MINUTE:
            message = f"The indexer of {self.root} died {len(self._deaths)} times within a minute."
            mend = "Answers come from words alone for now; `codearch doctor` looks for the reason."
            raise IndexerError(message, mend=mend)

    def _replace(self, connection: Wire) -> Wire:
        """Ask an indexer of another version to leave, and start our own."""
        with_reader = Request(0, "leave")
        connection.send_bytes(encode(with_reader))
        deadline = time.monotonic() + launch.START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            try:
                connection.recv_bytes()
            except (EOFError, OSError):
                break
        connection.close()
        return launch.connect_or_start(self.root)[0]

    def _start_reading(self, connection: Wire) -> None:
        thread = threading.Thread(
            target=self._read, args=(connection,), name="codearch-indexer-client", daemon=True
        )
        thread.start()

    def _read(self, connection: Wire) -> None:
        while True:
            try:
                message = decode_message(connection.recv_bytes())
            except (EOFError, OSError, TypeError):  # TypeError: closed by us while we waited
                break
            if message.event:
                self._on_event(message.event, message.result or {})
                continue
            future = self._waiting.pop(message.id, None)
            if future is None or future.cancelled():
                continue
            if message.error is not None:
                future.set_exception(raised(message.error))
            else:
                future.set_result(message.result)
        self._lost(connection)

    def _lost(self, connection: Wire) -> None:
        with self._lock:
            if self._connection is not connection:
                return
            self._connection = None
            if not self._closed:
                self._deaths.append(time.monotonic())
        message = f"The indexer of {self.root} ended before it answered."
        self._fail_waiting(message, "It starts again by itself; ask again.")
        if not self._closed:
            self._on_event("lost", {})

    def _fail_waiting(self, message: str, mend: str) -> None:
        """Answer those who wait for what will not come any more."""
        with contextlib.suppress(KeyError):  # raised when nobody waits
            while True:
                self._waiting.popitem()[1].set_exception(IndexerError(message, mend=mend))

    def _send(self, method: str, params: dict[str, Any]) -> Future[Any]:
        future: Future[Any] = Future()
        number = next(self._numbers)
        with self._lock:
            connection = self._connection
            if connection is None:
                message = f"The indexer of {self.root} is not there."
                raise IndexerError(message, mend="It starts again by itself; ask again.")
            self._waiting[number] = future
            try:
                connection.send_bytes(encode(Request(number, method, params)))
            except (OSError, ValueError) as error:
                self._waiting.pop(number, None)
                message = f"The indexer of {self.root} cannot be reached: {error}."
                raise IndexerError(message, mend="It starts again by itself; ask again.") from error
        return future

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        return self._send(method, params).result(launch.START_TIMEOUT_SECONDS)


def connect(root: Path, **options: Any) -> Client:
    """Return an open session with the indexer of `root`; see Client for the options."""
    client = Client(root, **options)
    client.open()
    return client


__all__ = ["Client", "CodearchError", "connect"]
