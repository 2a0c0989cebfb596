"""What clients and the indexer say to each other: msgpack frames over a local socket.

`{id, method, params}` asks, `{id, result}` or `{id, error}` answers, `{event, params}` tells.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from codearch import errors
from codearch.checked import learnt

if TYPE_CHECKING:
    from pathlib import Path

ENDPOINT_NAME = "indexer.json"
LOCK_NAME = "indexer.lock"
START_LOCK_NAME = "start.lock"


class Wire(Protocol):
    """A connection between client and indexer: a socket, or a pipe on Windows."""

    def send_bytes(self, buf: bytes, /) -> None:
        """Send one frame."""
        ...

    def recv_bytes(self) -> bytes:
        """Wait for one frame."""
        ...

    def poll(self, timeout: float, /) -> bool:
        """Say whether something comes within so many seconds."""
        ...

    def fileno(self) -> int:
        """Return the number by which the system knows it."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


class Endpoint(msgspec.Struct, frozen=True):
    """Where an indexer listens; readable by its user alone."""

    version: str
    pid: int
    address: str
    key: bytes


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question."""

    id: int
    method: str
    params: dict[str, Any] = {}


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a question could not be answered: the error's class in `errors`, and its sentences."""

    kind: str
    message: str
    mend: str = ""
    field: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer (`id` set), or an event."""

    id: int = 0
    result: Any = None
    error: Failure | None = None
    event: str = ""


encode = msgspec.msgpack.Encoder().encode
decode_request = msgspec.msgpack.Decoder(Request).decode
decode_message = msgspec.msgpack.Decoder(Message).decode


def transportable(text: str) -> str:
    """Return a text that can be sent: half of a character, as some editors send, is replaced.

    It takes one place of UTF-16 before and after, so that columns stay what they are.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def failure_of(error: errors.CodearchError) -> Failure:
    """Return an error in the form that travels."""
    return Failure(type(error).__name__, error.message, error.mend, getattr(error, "field", ""))


def raised(failure: Failure) -> errors.CodearchError:
    """Return the error that a failure stands for."""
    kind = getattr(errors, failure.kind, errors.IndexerError)
    if kind is errors.UsageError:
        return errors.UsageError(failure.message, field=failure.field, mend=failure.mend)
    error: errors.CodearchError = kind(failure.message, mend=failure.mend)
    return error


def hang_up(wire: Wire) -> None:
    """End a connection that another thread reads from: it gets the end of the stream, and closes.

    Closing it here would leave that thread waiting, and the other side with it.
    """
    if sys.platform == "win32":
        wire.close()
        return
    with contextlib.suppress(OSError):
        end = socket.socket(fileno=wire.fileno())
        try:
            end.shutdown(socket.SHUT_RDWR)
        finally:
            end.detach()  # it is the wire's to close


def read_endpoint(folder: Path) -> Endpoint | None:
    """Return where a root's indexer says it listens, None where none says so."""
    try:
        return msgspec.json.decode((folder / ENDPOINT_NAME).read_bytes(), type=learnt(Endpoint))
    except (OSError, msgspec.DecodeError):
        return None
