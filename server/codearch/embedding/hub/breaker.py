"""A host that keeps failing is left alone for a while: a circuit breaker for each host.

After `MOST_FAILURES` failures in a row it opens for a minute. The request after that is a trial:
if it fails too, the breaker opens for twice as long. An answer closes it.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt

if TYPE_CHECKING:
    from pathlib import Path

MOST_FAILURES = 5
FIRST_REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 3600.0
FILE_NAME = "hosts.json"


class Host(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What is remembered of a host; `rests_until` in seconds since the epoch."""

    failures: int = 0
    rests: int = 0  # since it last answered
    rests_until: float = 0.0


def failed(host: Host, now: float) -> Host:
    """Return the host after one more failure."""
    failures = host.failures + 1
    if failures < MOST_FAILURES:
        return Host(failures, host.rests, host.rests_until)
    rest = min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0**host.rests)
    return Host(failures, host.rests + 1, now + rest)


def told_to_wait(host: Host, until: float) -> Host:
    """Return the host after it has said when it wants to be asked again."""
    return Host(host.failures, host.rests, max(until, host.rests_until))


class Hosts:
    """The hosts that have failed, in a small file, so that the next process knows of them."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def resting(self, now: float) -> dict[str, Host]:
        """Return the hosts that are left alone now."""
        return {name: host for name, host in self._read().items() if host.rests_until > now}

    def failed(self, name: str, now: float) -> Host:
        """Note a failure; return what is known of the host then."""
        return self._put(name, failed(self._read().get(name, Host()), now))

    def told_to_wait(self, name: str, until: float) -> Host:
        """Note that a host wants to be left alone."""
        return self._put(name, told_to_wait(self._read().get(name, Host()), until))

    def answered(self, name: str) -> None:
        """Forget a host's failures."""
        known = self._read()
        if known.pop(name, None) is not None:
            self._write(known)

    def _put(self, name: str, host: Host) -> Host:
        self._write({**self._read(), name: host})
        return host

    def _read(self) -> dict[str, Host]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=learnt(dict[str, Host]))
        except (OSError, msgspec.MsgspecError):
            return {}

    def _write(self, hosts: dict[str, Host]) -> None:
        """Replace the file as a whole; a folder that cannot be written to forgets, no more."""
        fresh = self._file.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(hosts))
            fresh.replace(self._file)
