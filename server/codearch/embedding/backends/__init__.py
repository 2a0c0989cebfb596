"""The embedding models that can be had: each is one module of this package, data alone."""

from __future__ import annotations

import functools
import sys

from codearch import plugins
from codearch.checked import did_you_mean
from codearch.embedding.backends._backend import Backend, Lengths, Wanted
from codearch.errors import UsageError

__all__ = ["SHIPPED", "Backend", "Lengths", "Wanted", "all_backends", "backend"]

SHIPPED = "static"  # the encoder in the wheel, which needs neither a download nor a backend


@functools.cache
def all_backends() -> dict[str, Backend]:
    """Return every backend by its name."""
    found = plugins.load(sys.modules[__name__], "BACKEND", Backend)
    return {one.name: one for one in found.values()}


def backend(name: str) -> Backend:
    """Return the backend of this name; UsageError names the nearest right one."""
    known = all_backends()
    if name == SHIPPED:
        message = f"{SHIPPED} comes with the program: there is nothing to fetch."
        raise UsageError(message, field="name")
    if name not in known:
        published = {one.repository.rpartition("/")[2]: one.name for one in known.values()}
        meant = published.get(name.rpartition("/")[2])
        hint = f' Did you mean "{meant}"?' if meant else did_you_mean(name, known)
        message = f'There is no model "{name}".{hint}'
        raise UsageError(message, field="name", mend="`codearch models list` shows them.")
    return known[name]
