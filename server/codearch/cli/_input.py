"""Lines of standard input, the waiting for which an interrupt always ends."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 65_536


def lines() -> Iterator[str]:
    """Yield the lines of standard input as they come; bytes that are no UTF-8 become U+FFFD."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in _waited_for() or sys.stdin:
        yield line.strip()


def _waited_for() -> Iterator[str] | None:
    """Return the lines of a standard input that can be waited for together with signals."""
    if sys.platform == "win32":
        return None  # select knows sockets alone there, and a console's reads are interrupted
    try:
        return _until_interrupted(sys.stdin.fileno())
    except OSError:  # a stream in memory
        return None


def _until_interrupted(descriptor: int) -> Iterator[str]:
    """Yield the lines of a file as they come.

    Python's own reading misses a signal that comes just before it begins to wait: the handler would
    run after the next line, which may never come (`signal.set_wakeup_fd` tells of the remedy).
    """
    rest = bytearray()
    with _woken_by_signals() as woken:
        while True:
            ready, _, _ = select.select([descriptor, woken.fileno()], [], [])
            if woken.fileno() in ready:
                woken.recv(_CHUNK)  # of signals whose handlers let the program go on
            if descriptor not in ready:
                continue
            if not (chunk := os.read(descriptor, _CHUNK)):
                break
            rest += chunk
            if b"\n" in chunk:
                *whole, rest = rest.split(b"\n")
                yield from (line.decode(errors="replace") for line in whole)
    if rest:
        yield rest.decode(errors="replace")


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[socket.socket]:
    """Lend a socket that can be read as soon as a signal has come."""
    woken, waking = socket.socketpair()
    with woken, waking:
        waking.setblocking(False)
        before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
        try:
            yield woken
        finally:
            signal.set_wakeup_fd(before)
