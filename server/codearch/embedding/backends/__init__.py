"""The embedding models that can be had: each is one module of this package, data alone.

Models that were trained here are described in the folder of models, so that it is to be named.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING

from codearch import plugins
from codearch.checked import did_you_mean
from codearch.embedding.backends._backend import Backend, Lengths, Wanted
from codearch.embedding.backends._trained import Trained, read_all, write
from codearch.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "SHIPPED",
    "Backend",
    "Lengths",
    "Trained",
    "Wanted",
    "all_backends",
    "backend",
    "write",
]

SHIPPED = "static"  # the encoder in the wheel, which needs neither a download nor a backend


def all_backends(home: Path | None = None) -> dict[str, Backend]:
    """Return every backend by its name; those that were trained in a folder of models come last."""
    published = _published()
    trained = read_all(home) if home is not None else {}
    return published | {name: one for name, one in trained.items() if name not in published}


@functools.cache
def _published() -> dict[str, Backend]:
    found = plugins.load(sys.modules[__name__], "BACKEND", Backend)
    return {one.name: one for one in found.values()}


def backend(name: str, home: Path | None = None) -> Backend:
    """Return the backend of this name; UsageError names the nearest right one."""
    known = all_backends(home)
    if name == SHIPPED:
        message = f"{SHIPPED} comes with the program: there is nothing to fetch."
        raise UsageError(message, field="name")
    if name not in known:
        published = {one.repository.rpartition("/")[2]: one.name for one in _published().values()}
        meant = published.get(name.rpartition("/")[2])
        hint = f' Did you mean "{meant}"?' if meant else did_you_mean(name, known)
        message = f'There is no model "{name}".{hint}'
        raise UsageError(message, field="name", mend="`codearch models list` shows them.")
    return known[name]
