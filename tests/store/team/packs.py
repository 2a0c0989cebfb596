"""What tests of a team's store share: keys, vectors, and a store in a folder."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from codearch.settings import VectorsSettings
from codearch.store.team import Form, TeamVectors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.store.team import Known, Place

FORM = Form("tea-1", 8)
SECONDS = 20.0  # more than anything here takes


def keys(count: int, first: int = 0) -> list[bytes]:
    """Return some keys."""
    return [hashlib.sha256(f"text {at}".encode()).digest() for at in range(first, first + count)]


def vectors(count: int, seed: int = 1, dimension: int = FORM.dimension) -> NDArray[np.float32]:
    """Return some vectors of length one."""
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def team(
    store: Path | str,
    own: Path,
    *,
    form: Form = FORM,
    read_only: bool = False,
    endpoint: str = "",
    make: Callable[[], Place] | None = None,
    clock: Callable[[], float] | None = None,
) -> TeamVectors:
    """Return a store as a root whose cache folder is `own` uses it."""
    settings = VectorsSettings(store=str(store), endpoint=endpoint, read_only=read_only)
    more = {} if clock is None else {"clock": clock}
    return TeamVectors(settings, form, own, make=make, **more)


def put(store: TeamVectors, names: list[bytes], rows: NDArray[np.float32]) -> None:
    """Put vectors there as bulk work does, and wait until they are there."""
    store.remember(names, rows)
    store.settle()
    assert store.drained(SECONDS)


def asked(store: TeamVectors, names: list[bytes]) -> Known:
    """Ask until nothing is on its way any more."""
    while True:
        found = store.known(names)
        if not found.coming:
            return found
        store.wait(SECONDS)


def objects(store: Path, suffix: str) -> list[Path]:
    """Return the objects of a kind in a folder."""
    return sorted(one for one in store.rglob(f"*{suffix}") if one.is_file())
