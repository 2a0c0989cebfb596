"""The indexer's end of the socket: accepts clients, gives each a session, answers requests."""

from __future__ import annotations

import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import AuthenticationError
from multiprocessing.connection import Listener, answer_challenge, deliver_challenge
from typing import TYPE_CHECKING, Any

import msgspec

from codearch import __version__
from codearch.errors import CodearchError, IndexerError, IndexerLostError
from codearch.indexer.address import new_address
from codearch.indexer.protocol import (
    ENDPOINT_NAME,
    Endpoint,
    Failure,
    Message,
    Request,
    decode_request,
    encode,
    failure_of,
    read_endpoint,
)
from codearch.indexer.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from codearch.indexer.protocol import Wire

log = logging.getLogger(__name__)

_ACCEPT_PAUSE_SECONDS = 0.2  # until a client that could not be let in is tried again
_FLUSH_SECONDS = 0.2  # that a client has to take what it is told last


class Session:
    """One connected client."""

    def __init__(self, number: int, connection: Wire) -> None:
        self.number = number
        self._sender = Sender(connection, self._failed)

    def hang_up(self) -> None:
        """Leave the client to the process that comes next; it asks that one again."""
        self.send(Message(event="leaving"))
        self._sender.finish()

    def send(self, message: Message) -> None:
        """Send an answer or an event; a client that is gone is noticed by its reader."""
        self._sender.send(encode(message))

    def flush(self) -> None:
        """Wait a moment for what was sent to arrive."""
        self._sender.flush(_FLUSH_SECONDS)

    def close(self) -> None:
        """Send nothing more."""
        self._sender.close()

    def _failed(self, reason: str) -> None:
        log.info("session %d is not told any more: %s", self.number, reason)


class Service:
    """Listens on the socket until it is stopped."""

    def __init__(
        self,
        folder: Path,
        answer: Callable[[Session, str, dict[str, Any]], Any],
        on_leave: Callable[[int], None],
        in_order: frozenset[str],
    ) -> None:
        self._folder = folder
        self._answer = answer
        self._on_leave = on_leave
        self._in_order = in_order  # methods that only queue something, and must not overtake
        self._sessions: dict[int, Session] = {}
        self._last = 0
        self._stopped = False
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="codearch-answer")
        self._key = os.urandom(32)
        address = new_address(folder)
        self._listener = Listener(address, backlog=16)
        self._publish(Endpoint(__version__, os.getpid(), address, self._key))
        threading.Thread(target=self._accept, name="codearch-accept", daemon=True).start()

    @property
    def clients(self) -> int:
        """Return how many clients are connected."""
        return len(self._sessions)

    def tell(self, event: str, params: dict[str, Any]) -> None:
        """Send an event to every client."""
        message = Message(event=event, result=params)
        for session in list(self._sessions.values()):
            session.send(message)

    def stop(self) -> None:
        """Take the address down, so that the next client starts a new indexer."""
        self.tell("leaving", {})
        for session in list(self._sessions.values()):
            session.flush()
        self._withdraw()
        self._stopped = True
        self._listener.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _withdraw(self) -> None:
        """Say no longer where we listen; what another process says in that place stays."""
        endpoint = read_endpoint(self._folder)
        if endpoint is not None and endpoint.pid == os.getpid():
            (self._folder / ENDPOINT_NAME).unlink(missing_ok=True)

    def _publish(self, endpoint: Endpoint) -> None:
        path = self._folder / ENDPOINT_NAME
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(endpoint))
        fresh.replace(path)

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except ConnectionError:
                continue  # a client that changed its mind
            except OSError as error:
                if self._stopped:
                    return
                log.warning("a client cannot be let in: %s", error)  # no handles left, say
                time.sleep(_ACCEPT_PAUSE_SECONDS)  # accept fails at once until there are some
                continue
            thread = threading.Thread(
                target=self._let_in, args=(connection,), name="codearch-session", daemon=True
            )
            try:
                thread.start()
            except RuntimeError as error:  # no room for one more
                log.warning("a client cannot be let in: %s", error)
                connection.close()

    def _let_in(self, connection: Connection[Any, Any]) -> None:
        """Let a client in that has the key, and answer it until it leaves."""
        # Here, not where connections are accepted: one that says nothing must hold up nobody.
        try:
            deliver_challenge(connection, self._key)
            answer_challenge(connection, self._key)
        except (AuthenticationError, EOFError, OSError, AssertionError):
            connection.close()  # a stranger, or a client that changed its mind
            return
        with self._lock:
            self._last += 1
            session = Session(self._last, connection)
            self._sessions[session.number] = session
        try:
            self._serve(session, connection)
        finally:
            with self._lock:
                self._sessions.pop(session.number, None)
            session.close()
            connection.close()
            self._on_leave(session.number)

    def _serve(self, session: Session, connection: Wire) -> None:
        while True:
            try:
                request = decode_request(connection.recv_bytes())
            except (EOFError, OSError, TypeError):  # TypeError: closed by us while we waited
                return
            except msgspec.DecodeError as error:
                log.warning(
                    "session %d sent a frame that is none of ours: %s", session.number, error
                )
                return
            if request.method in self._in_order:
                self._reply(session, request)
                continue
            try:
                self._threads.submit(self._reply, session, request)
            except RuntimeError:  # stopping
                return

    def _reply(self, session: Session, request: Request) -> None:
        try:
            result = self._answer(session, request.method, request.params)
            message = Message(id=request.id, result=result)
        except IndexerLostError:
            self._withdraw()  # or it would find us again
            session.hang_up()
            return
        except CodearchError as error:
            message = Message(id=request.id, error=failure_of(error))
        except Exception:
            # The request edge: whatever a request stumbled over costs that request alone.
            log.exception("request %s failed", request.method)
            sentence = f"The indexer could not answer {request.method!r}."
            mend = "Its log in the cache folder says why."
            message = Message(id=request.id, error=Failure(IndexerError.__name__, sentence, mend))
        session.send(message)
