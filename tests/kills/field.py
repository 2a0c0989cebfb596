"""Where things are killed: a repository, its index, and what kills it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from codearch.errors import CodearchError
from codearch.indexer.client import Client
from codearch.indexer.protocol import read_endpoint
from codearch.settings import root_cache, user_settings_file
from codearch.settings.writing import write_user_setting
from codearch.store.database import FILE_NAME, connect_reader
from kills import models, victim
from kills.points import PLAN, arm
from patience import comes_true
from soak import window
from soak.comparing import Comparison
from soak.desk import Desk
from soak.soaking import surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_SECONDS = 30.0
_FORGOTTEN_SECONDS = 5.0  # after which the buffers of windows that are gone have to be
_TOP = Path(__file__).resolve().parents[2] / "server" / "codearch"
_PARTS = ("store", "snapshot", "history")  # of the product itself

FUNCTION = '''

def {name}({first}, {second}):
    """Return how {first} and {second} come to {word}."""
    {word} = {first} * {number}
    return {word} + {second}
'''
_NOUNS = ("freight", "harbour", "lantern", "meadow", "orchard", "pebble", "quarry", "rudder")


def plant(root: Path) -> None:
    """Make the repository, with one commit."""
    for part in _PARTS:
        shutil.copytree(_TOP / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)


class Outcome(NamedTuple):
    """What one kill came to."""

    reached: bool  # whether somebody was killed
    differences: list[str]


class Field:
    """One index that is killed again and again, and compared with one built from nothing."""

    def __init__(self, root: Path, folder: Path, seed: int) -> None:
        self.root, self.seed = root, seed
        self.choose = random.Random(seed)
        self.plan = Path(os.environ[PLAN])
        self._desk = Desk(root, folder, seed)
        self._comparison = Comparison(self._desk)
        self._written = 0

    # --- what happens to the repository --------------------------------------------------------

    def write(self, count: int) -> None:
        """Add a function to so many files, new ones among them."""
        paths = sorted(self.root.rglob("*.py"))
        for _ in range(count):
            self._written += 1
            path = self.choose.choice(paths)
            if self.choose.random() < 0.2:
                path = self.root / f"new_{self._written}.py"
            first, second, word = self.choose.sample(_NOUNS, 3)
            text = FUNCTION.format(
                name=f"{word}_{self.seed}_{self._written}",
                first=first,
                second=second,
                word=word,
                number=self._written,
            )
            with path.open("a") as file:
                file.write(text)

    def change(self) -> None:
        """Edit, delete, move, and go back to what was: mostly little, at times nearly all."""
        paths = sorted(self.root.rglob("*.py"))
        if self.choose.random() < 0.2 or len(paths) > 120 or len(paths) < 20:
            subprocess.run(["git", "reset", "-q", "--hard"], cwd=self.root, check=True)
            subprocess.run(["git", "clean", "-q", "-fd"], cwd=self.root, check=True)
        self.write(self.choose.choice([1, 3, 8, 40]))
        paths = sorted(self.root.rglob("*.py"))
        for path in self.choose.sample(paths, self.choose.choice([0, 0, 1, 4])):
            if self.choose.random() < 0.5:
                path.unlink()
            else:
                path.rename(path.with_name(f"moved_{self._written}_{path.name}"))

    # --- processes -------------------------------------------------------------------------------

    def ask(self, method: str) -> bool:
        """Ask by a client of one's own; return whether an answer came."""
        try:
            with Client(self.root) as client:
                client.call(method)
        except CodearchError:
            return False
        return True

    def at_point(self, name: str, count: int, work: Callable[[], object]) -> bool:
        """Have the next indexer that comes to a point die there while some work is done."""
        arm(self.plan, name, count)
        asking = threading.Thread(target=work, daemon=True)
        asking.start()
        comes_true(lambda: not (self.plan.exists() and asking.is_alive()), _PATIENCE_SECONDS)
        reached = not self.plan.exists()
        self.plan.unlink(missing_ok=True)
        asking.join(2 * _PATIENCE_SECONDS)
        assert not asking.is_alive(), name
        return reached

    def wait_for_strike(self, seconds: float) -> None:
        """Wait until somebody has died as planned, at most so long."""
        comes_true(lambda: not self.plan.exists(), seconds)

    def indexer(self) -> psutil.Process | None:
        """Return the indexer at work, if there is any."""
        endpoint = read_endpoint(root_cache(self.root))
        if endpoint is None:
            return None
        try:
            return psutil.Process(endpoint.pid)
        except psutil.Error:
            return None

    def end_indexer(self) -> None:
        """Have the indexer leave in order, and wait for it."""
        process = self.indexer()
        if process is not None:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGTERM)
                process.wait(_PATIENCE_SECONDS)

    # --- the judge -------------------------------------------------------------------------------

    def differences(self) -> list[str]:
        """Bring the index up to date, and say in what it differs from one built from nothing."""
        with Client(self.root) as client:
            client.call("index")
            problems = client.call("status")["problems"]
            comes_true(self._holds_no_buffers, _FORGOTTEN_SECONDS)
            said = self._comparison.everything(searches=False)
        return (
            said
            + self._vectors_alone()
            + [one["message"] for one in problems if "It was rebuilt." not in one["message"]]
        )

    @property
    def settings(self) -> Path:
        """The user's own settings, of this field's user."""
        return user_settings_file()

    @property
    def compared(self) -> int:
        """Return how many vectors were compared."""
        return self._comparison.vectors

    def _holds_no_buffers(self) -> bool:
        db = connect_reader(root_cache(self.root) / FILE_NAME)
        (held,) = db.execute("SELECT count(*) FROM files WHERE session <> 0").fetchone()
        db.close()
        return not held

    def _vectors_alone(self) -> list[str]:
        """Look at the table itself: none twice, none of a passage that is no more."""
        import lancedb

        folder = root_cache(self.root)
        db = connect_reader(folder / FILE_NAME)
        meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        known = {row[0] for row in db.execute("SELECT id FROM passages")}
        db.close()
        said = []
        place = folder / "vectors" / meta["store"]
        for name in lancedb.connect(str(place)).list_tables().tables:
            ids = lancedb.connect(str(place)).open_table(name).to_arrow().column("id").to_pylist()
            if len(ids) != len(set(ids)):
                said.append(f"{len(ids) - len(set(ids))} vectors stand twice in {name}")
            if name == _table(meta) and set(ids) - known:
                said.append(f"{len(set(ids) - known)} vectors of passages that are no more")
        stores = {each.name for each in (folder / "vectors").iterdir()} - {meta["store"]}
        if stores:
            said.append(f"vectors of other stores: {sorted(stores)}")
        return said


def _table(meta: dict[str, str]) -> str:
    import hashlib

    return f"passages_{hashlib.sha256(meta['encoder'].encode()).hexdigest()[:16]}"


def use_model(device: str) -> None:
    """Have indexers turn to the model that this setting stands for."""
    write_user_setting(models.KEY, device)


@contextmanager
def field(place: Path, seed: int) -> Iterator[Field]:
    """A field in a folder, whose indexers can be killed at named points."""
    before = dict(os.environ)
    executable, sys.executable = sys.executable, victim.interpreter(place)
    os.environ.clear()
    os.environ.update(surroundings(place) | {PLAN: str(place / "plan")})
    os.environ["CODEARCH_INDEXER_IDLE_SECONDS"] = "1"
    program, window.PROGRAM = window.PROGRAM, Path(victim.__file__)
    models.offer()
    root = place / "field"
    root.mkdir()
    plant(root)
    found = Field(root.resolve(), place, seed)
    try:
        yield found
    finally:
        found.end_indexer()
        window.PROGRAM = program
        sys.executable = executable
        os.environ.clear()
        os.environ.update(before)
