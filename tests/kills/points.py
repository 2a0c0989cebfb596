"""Where the product can be killed: named points between its commits, put around its functions.

A process that `victim.py` runs reads a plan, a file of "NAME COUNT": it kills itself when it comes
to that point for that time, and takes the plan away as it does. Without a plan it goes on.
"""

from __future__ import annotations

import functools
import os
import random
import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.indexer.workers import Job

PLAN = "KILLS_PLAN"
_WITHIN = 0.02  # seconds: what is killed within takes some 5 to 50 ms
_WITHIN_QUICK = 0.003  # what takes less

_seen: dict[str, int] = {}
_lock = threading.Lock()


def strike(name: str, victim: Callable[[], int] = os.getpid) -> None:
    """Kill a process, this one unless told otherwise, if the plan says that it is to die here."""
    plan = Path(os.environ[PLAN])
    try:
        wanted, count, _ = plan.read_text().rsplit(" ", 2)
    except (OSError, ValueError):
        return
    if wanted != name:
        return
    with _lock:
        _seen[name] = _seen.get(name, 0) + 1
        if _seen[name] < int(count):
            return
    plan.unlink(missing_ok=True)
    os.kill(victim(), signal.SIGKILL)
    time.sleep(60)  # where it is somebody else who dies, this process follows


def arm(plan: Path, name: str, count: int) -> None:
    """Have the next process that comes to a point for the count-th time die there."""
    fresh = plan.with_suffix(".new")
    fresh.write_text(f"{name} {count} \n")
    fresh.replace(plan)


def around(owner: Any, attribute: str, name: str, *, within: float = 0.0) -> None:
    """Make points before and after a function, and one at some moment `within` so many seconds."""
    inner = getattr(owner, attribute)

    @functools.wraps(inner)
    def struck(*arguments: Any, **named: Any) -> Any:
        strike(f"before {name}")
        if within:
            _strike_soon(f"within {name}", within)
        result = inner(*arguments, **named)
        strike(f"after {name}")
        return result

    setattr(owner, attribute, struck)


def _strike_soon(name: str, within: float) -> None:
    later = threading.Timer(random.uniform(0, within), strike, (name,))
    later.daemon = True
    later.start()


class _Struck(sqlite3.Connection):
    """A connection that can die at each of its commits."""

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        if statement != "COMMIT":
            return super().execute(statement, *arguments)
        strike("before a commit")
        done = super().execute(statement, *arguments)
        strike("after a commit")
        return done


def prepare_struck(jobs: Sequence[Job]) -> Any:
    """Stand in the place of what workers do."""
    from codearch.indexer.workers import prepare_many  # in a worker nothing stands in its place

    strike("in a worker's batch: the worker")
    strike("in a worker's batch: the indexer", os.getppid)
    return prepare_many(jobs)


def put_points() -> None:
    """Put the points around the functions of an indexer, and make what is rare frequent."""
    from codearch.index import sweep
    from codearch.indexer import (
        arrival,
        bulk,
        embedding,
        flags,
        intake,
        leisure,
        service,
        workers,
        workshop,
    )
    from codearch.store import database, opening, vectors
    from codearch.store.team import shelf

    intake.BULK_BYTES = bulk.CHUNK_BYTES = 20_000
    vectors.COMMITS_BEFORE_COMPACTION, vectors.FLAT_ROWS = 2, 300
    vectors._READERS_SECONDS = leisure._QUIET_SECONDS = 0.0
    workers.prepare_many = prepare_struck
    workshop.sweep = functools.partial(sweep.sweep, spare_contents=0)

    connect = sqlite3.connect
    database.sqlite3.connect = functools.partial(connect, factory=_Struck)
    around(vectors.Vectors, "upsert", "an upsert")
    around(vectors.Vectors, "delete", "a deletion of vectors")
    around(vectors.Vectors, "compact", "optimize", within=_WITHIN)
    around(vectors.Vectors, "clean", "a cleaning", within=_WITHIN)
    around(vectors.Vectors, "__init__", "an opening of vectors", within=_WITHIN)
    around(workshop, "discard_store", "the old store is put away")
    around(workshop.vectors, "drop", "the old vectors are dropped")
    around(opening, "make_tables", "the tables are made", within=_WITHIN)
    around(workshop, "open_store", "the store is opened")
    around(workshop, "leave_store", "the store is left", within=_WITHIN_QUICK)
    around(workshop, "trim", "the store is packed", within=_WITHIN)
    around(embedding.Embedder, "forget", "vectors are forgotten")
    around(embedding.Embedder, "_take_over", "the next model takes over")
    around(flags.Flags, "turn_to", "the flags change")
    around(embedding, "drop_others", "others' tables are dropped")
    around(arrival.Arrival, "step", "a step of the next model")
    around(service.Service, "_publish", "the address is published")
    around(shelf, "_put", "a half of a pack is laid into the spool", within=_WITHIN_QUICK)
    around(shelf.Shelf, "keep_unsent", "a pack is laid into the spool")
    around(shelf.Shelf, "sent", "a pack leaves the spool")


def put_points_of_eviction() -> None:
    """Put the points around what removes whole indexes."""
    from codearch.indexer import upkeep

    around(upkeep, "set_aside", "an index is set aside")
    inner = upkeep.delete

    def delete(aside: Path, gone: Callable[[], None] = lambda: None) -> bool:
        def told() -> None:
            strike("in the deletion of an index")
            gone()

        return inner(aside, told)

    upkeep.delete = delete
