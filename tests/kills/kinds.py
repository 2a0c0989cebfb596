"""The ways in which something is killed: at a named point, or at a random moment."""

from __future__ import annotations

import functools
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.errors import CodearchError
from codearch.indexer.client import Client
from codearch.settings import root_cache
from codearch.settings.writing import write_user_setting
from codearch.store.database import FILE_NAME
from codearch.store.team.pack import LABEL_SUFFIX
from kills import victim
from kills.field import use_model
from kills.models import MIRRORED, SHIPPED
from patience import comes_true
from soak.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from kills.field import Field

    Kind = Callable[[Field], int]  # returns how many were killed

_LONGEST = 3.0  # seconds until a random moment has come
_SENT = 30.0  # seconds within which the next process sends what was left


# --- what is going on as somebody dies -----------------------------------------------------------


def _edited(field: Field, name: str, most: int) -> bool:
    def work() -> None:
        field.change()
        field.ask("index")

    return field.at_point(name, field.choose.randint(1, most), work)


def _idle(field: Field, name: str, _most: int) -> bool:
    """Nobody wants anything, and the house is kept."""

    def work() -> None:
        with suppress(CodearchError), Client(field.root) as client:
            for _ in range(3):  # of little there is no use in making more compact
                field.change()
                client.call("index")
            field.wait_for_strike(_LONGEST)

    return field.at_point(name, 1, work)


def _swept(field: Field, name: str, _most: int) -> bool:
    """All files are written anew some times, so that what was there is swept."""

    def work() -> None:
        with suppress(CodearchError), Client(field.root) as client:
            for _ in range(3):
                field.write(90)
                client.call("index")
                field.wait_for_strike(_LONGEST / 3)
            field.wait_for_strike(_LONGEST)

    return field.at_point(name, 1, work)


def _rebuilt(field: Field, name: str, most: int) -> bool:
    return field.at_point(name, field.choose.randint(1, most), lambda: field.ask("rebuild"))


def _migrated(field: Field, name: str, most: int) -> bool:
    """The store that is found is of another version of the product."""
    field.end_indexer()
    version = field.choose.choice([1, 9_999])
    with sqlite3.connect(root_cache(field.root) / FILE_NAME) as db:
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    return _edited(field, name, most)


def _first(field: Field, name: str, most: int) -> bool:
    """There is no store yet."""
    field.end_indexer()
    subprocess.run(["rm", "-rf", root_cache(field.root)], check=True)
    return _edited(field, name, most)


def _left(field: Field, name: str, most: int) -> bool:
    """The indexer leaves in order."""

    def work() -> None:
        field.change()
        field.ask("index")
        field.end_indexer()

    return field.at_point(name, field.choose.randint(1, most), work)


def _arriving(field: Field, name: str, most: int) -> bool:
    """Another model comes, has some vectors, or all; the way back may find them."""

    def work() -> None:
        field.change()
        mirrored = "cpu" in (field.settings.read_text() if field.settings.exists() else "")
        use_model(SHIPPED if mirrored else MIRRORED)
        field.ask("index")

    return field.at_point(name, field.choose.randint(1, most), work)


def _stored_otherwise(field: Field, name: str, _most: int) -> bool:
    """The numbers are rounded on the spot."""

    def work() -> None:
        write_user_setting("model.storedAs", "float16")
        field.ask("index")

    try:
        return field.at_point(name, 1, work)
    finally:
        write_user_setting("model.storedAs", "float32")


def _shared(field: Field, name: str, most: int) -> bool:
    """All vectors go to a team's new store by way of a spool; the next process sends the rest."""

    def work() -> None:
        field.change()
        field.ask("index")
        field.end_indexer()

    team = field.plan.parent / f"team{field.choose.randrange(1_000_000)}"
    team.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEARCH_VECTORS_STORE", str(team))
        field.end_indexer()
        subprocess.run(["rm", "-rf", root_cache(field.root)], check=True)
        died = field.at_point(name, field.choose.randint(1, most), work)
        with Client(field.root) as client:
            client.call("index")
            spool = root_cache(field.root) / "team"
            sent = comes_true(lambda: not any(spool.rglob(f"unsent/*{LABEL_SUFFIX}")), _SENT)
        field.end_indexer()
    assert sent, f"{name}: what was left in the spool was not sent"
    return died


def _evicted(field: Field, name: str, most: int) -> bool:
    """`codearch cache clear` dies; it may have left half an index aside."""
    field.end_indexer()

    def work() -> None:
        command = ["-m", "codearch", "cache", "clear", "--all"]
        script = [sys.executable, *command]
        subprocess.run(script, cwd=field.root, capture_output=True, check=False)

    assert victim.interpreter(field.plan.parent) == sys.executable
    return field.at_point(name, field.choose.randint(1, most), work)


# --- at random moments ---------------------------------------------------------------------------


def _at_random(field: Field, kill: Callable[[], bool], longest: float = _LONGEST) -> bool:
    """Edit, ask, and kill after some time; what is asked is asked by threads."""
    if field.choose.random() < 0.3:
        field.end_indexer()

    def work() -> None:
        field.change()
        field.ask("index")

    asking = threading.Thread(target=work, daemon=True)
    asking.start()
    time.sleep(field.choose.uniform(0, longest))  # whatever is being done by then
    done = kill()
    asking.join()
    return done


def _killed(process: psutil.Process | None) -> bool:
    if process is None:
        return False
    try:
        process.kill()
    except psutil.Error:
        return False
    return True


def _working(field: Field) -> psutil.Process | None:
    """Return the indexer, once there is one."""
    limit = time.monotonic() + _LONGEST
    while (process := field.indexer()) is None and time.monotonic() < limit:
        time.sleep(0.005)  # its start is what is to be hit: nobody may be asked
    return process


def _random_indexer(field: Field) -> bool:
    return _at_random(field, lambda: _killed(_working(field)))


def _random_worker(field: Field) -> bool:
    """A worker dies, once there is one."""

    def kill_one() -> bool:
        process = field.indexer()
        with suppress(psutil.Error):
            for child in process.children() if process else ():
                if "spawn_main" in " ".join(child.cmdline()):
                    return _killed(child)
        return False

    field.write(60)
    return _at_random(field, lambda: comes_true(kill_one, _LONGEST), 0.1)


def _random_server(field: Field) -> bool:
    """A server dies with buffers that were never saved."""
    window = _typing(field)
    time.sleep(field.choose.uniform(0, 0.5))  # whatever is being done by then
    window.kill()
    return True


def _random_all(field: Field) -> bool:
    """The power goes off: server, indexer and workers at once."""
    window = _typing(field)

    def kill() -> bool:
        process = _working(field)
        family: list[psutil.Process] = []
        with suppress(psutil.Error):
            family = [process, *process.children(recursive=True)] if process else []
        for each in family:
            with suppress(psutil.Error):
                each.kill()
        window.kill()
        return bool(family)

    return _at_random(field, kill)


def _typing(field: Field) -> Window:
    """Open a window and type in some documents."""
    window = Window(field.root)
    paths = sorted(field.root.rglob("*.py"))
    for path in field.choose.sample(paths, 3):
        name = path.relative_to(field.root).as_posix()
        window.open_document(
            name, path.read_text() + "\n\ndef never_saved():\n    return 1\n", None
        )
    return window


def _storm(field: Field) -> int:
    """The indexer dies again and again before it has settled."""
    return sum(_at_random(field, lambda: _killed(_working(field)), 1.5) for _ in range(5))


# --- the list ------------------------------------------------------------------------------------

# point, what is going on, how often it is come to at most before it strikes
_POINTS: tuple[tuple[str, Callable[[Field, str, int], bool], int], ...] = (
    ("before a commit", _edited, 3),
    ("after a commit", _edited, 3),
    ("before an upsert", _edited, 1),  # SQLite written, LanceDB not
    ("after an upsert", _edited, 1),  # upserted and not flagged
    ("before optimize", _idle, 1),
    ("within optimize", _idle, 1),
    ("after optimize", _idle, 1),
    ("within a cleaning", _idle, 1),
    ("before the store is packed", _idle, 1),
    ("within the store is packed", _idle, 1),
    ("after the store is packed", _idle, 1),
    ("before vectors are forgotten", _swept, 1),
    ("before a deletion of vectors", _swept, 1),
    ("after vectors are forgotten", _swept, 1),
    ("in a worker's batch: the worker", _first, 3),
    ("in a worker's batch: the indexer", _first, 3),
    ("before the old store is put away", _rebuilt, 1),
    ("after the old store is put away", _rebuilt, 1),
    ("before the old vectors are dropped", _rebuilt, 1),
    ("after the old vectors are dropped", _rebuilt, 1),
    ("before the tables are made", _rebuilt, 1),
    ("within the tables are made", _rebuilt, 1),
    ("after the tables are made", _rebuilt, 1),
    ("before the old store is put away", _migrated, 1),
    ("after the old store is put away", _migrated, 1),
    ("after the old vectors are dropped", _migrated, 1),
    ("before the tables are made", _migrated, 1),
    ("after a commit", _migrated, 2),
    ("before a commit", _first, 3),
    ("within an opening of vectors", _first, 1),
    ("before the address is published", _first, 1),
    ("after the address is published", _first, 1),
    ("before the store is left", _left, 1),
    ("within the store is left", _left, 1),
    ("after the store is left", _left, 1),
    ("after the store is opened", _migrated, 1),
    ("before a step of the next model", _arriving, 2),
    ("after a step of the next model", _arriving, 2),
    ("after an upsert", _arriving, 3),
    ("before the next model takes over", _arriving, 1),
    ("before the flags change", _arriving, 1),
    ("after the flags change", _arriving, 1),
    ("before others' tables are dropped", _arriving, 1),
    ("after the next model takes over", _arriving, 1),
    ("within an opening of vectors", _stored_otherwise, 1),
    ("before a half of a pack is laid into the spool", _shared, 2),
    ("within a half of a pack is laid into the spool", _shared, 2),
    ("after a half of a pack is laid into the spool", _shared, 2),
    ("before a pack is laid into the spool", _shared, 1),
    ("after a pack is laid into the spool", _shared, 1),
    ("before a pack leaves the spool", _shared, 1),
    ("after a pack leaves the spool", _shared, 1),
    ("after an index is set aside", _evicted, 1),
    ("in the deletion of an index", _evicted, 12),
)


def kinds() -> dict[str, Kind]:
    """Return all kinds by what they are called."""
    named: dict[str, Kind] = {}
    for name, going_on, most in _POINTS:
        what = going_on.__name__.strip("_").replace("_", " ")
        named[f"{name} ({what})"] = functools.partial(_called, going_on, name, most)
    named["the indexer at a random moment"] = _random_indexer
    named["a worker at a random moment"] = _random_worker
    named["a server at a random moment"] = _random_server
    named["all at once at a random moment"] = _random_all
    named["the indexer five times in a row"] = _storm
    return named


def _called(
    going_on: Callable[[Field, str, int], bool], name: str, most: int, field: Field
) -> bool:
    return going_on(field, name, most)
