"""A model comes whole or not at all: into a folder beside its place, checked, then moved there."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import filelock
import msgspec

from codearch.embedding.hub.checks import check
from codearch.embedding.hub.download import FULL, disk_full, fetch
from codearch.embedding.hub.installed import (
    MANIFEST,
    Manifest,
    StoredFile,
    is_whole,
    manifest,
    sha256,
    weights_folder,
    workshop,
)
from codearch.embedding.hub.listing import chosen, listed
from codearch.errors import ModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.embedding.backends import Backend
    from codearch.embedding.hub.client import Hub

SPARE_BYTES = 10_000_000  # that are left on the disk beside what is fetched
CHUNK = 1 << 20


class Told(Protocol):
    """Hears how a pull goes on."""

    def say(self, sentence: str) -> None:
        """Take a sentence for the user."""
        ...

    def begin(self, total: int) -> None:
        """Take how many bytes there are in all."""
        ...

    def moved(self, count: int) -> None:
        """Take how many bytes are there now that were not before."""
        ...


@dataclass(frozen=True)
class Pulled:
    """What a pull has done; `fetched` is False where all of it was there before."""

    manifest: Manifest
    folder: Path
    fetched: bool


def pull(backend: Backend, home: Path, hub: Hub, told: Told) -> Pulled:
    """Fetch a model's weights from a hub; raises ModelError with what to do."""
    with _alone(home, backend.name, told):
        here = manifest(home, backend.name)
        if here is not None and here.revision == backend.revision and is_whole(home, here):
            return Pulled(here, weights_folder(home, backend.name), fetched=False)
        files = listed(hub, backend)
        under_way = workshop(home) / f"{backend.name}-{backend.revision[:12]}"
        total = sum(one.size for one in files)
        _find_room(home, total - _arrived(under_way))
        told.begin(total)
        for file in files:
            fetch(hub, backend, file, under_way, told.moved)
        origin = f"{hub.endpoint}/{backend.repository}"
        made = _described(backend, under_way, [one.path for one in files], origin, backend.revision)
        return moved_in(home, under_way, made)


def take(backend: Backend, home: Path, source: Path, told: Told) -> Pulled:
    """Take a model from a folder; raises ModelError where it is not the backend's model."""
    source = _inside_hub_cache(source, backend.revision)
    if not source.is_dir():
        message = f"{source} is not a folder."
        raise UsageError(message, field="from", mend="Give --from the folder with config.json.")
    known = [name for one in backend.files for name in one.names]
    names = chosen(backend.files, {one for one in known if (source / one).is_file()}, str(source))
    with _alone(home, backend.name, told):
        under_way = workshop(home) / f"{backend.name}-from-{os.getpid()}"
        total = sum((source / name).stat().st_size for name in names)
        _find_room(home, total)
        told.begin(total)
        try:
            for name in names:
                _copy(source / name, under_way / name, told)
            made = _described(backend, under_way, names, str(source.resolve()), "")
            return moved_in(home, under_way, made)
        finally:
            shutil.rmtree(under_way, ignore_errors=True)


@contextlib.contextmanager
def _alone(home: Path, name: str, told: Told) -> Iterator[None]:
    """Hold the lock of a model; wait for another process that holds it."""
    folder = workshop(home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(str(folder / f"{name}.lock"))
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            told.say(f"Another process is fetching {name}: waiting for it.")
            lock.acquire()
    except OSError as error:
        message = f"{home} cannot be written to: {error.strerror}."
        mend = "Make it writable, or name another folder in CODEARCH_MODEL_DIR."
        raise ModelError(message, mend=mend) from error
    try:
        yield
    finally:
        lock.release()


def _arrived(under_way: Path) -> int:
    return sum(path.stat().st_size for path in under_way.rglob("*") if path.is_file())


def _find_room(home: Path, needed: int) -> None:
    """Raise ModelError where the disk has no room for so many bytes."""
    missing = needed + SPARE_BYTES - shutil.disk_usage(home).free
    if needed > 0 and missing > 0:
        raise disk_full(home, missing)


def _inside_hub_cache(folder: Path, revision: str) -> Path:
    """Return the snapshot where a folder is one of the cache that the hub's own library keeps."""
    snapshots = folder / "snapshots"
    if not snapshots.is_dir():
        return folder
    if revision and (snapshots / revision).is_dir():
        return snapshots / revision
    newest = sorted(snapshots.iterdir(), key=lambda one: one.stat().st_mtime)
    return newest[-1] if newest else folder


def _copy(source: Path, target: Path, told: Told) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as read, target.open("wb") as write:
            while chunk := read.read(CHUNK):
                write.write(chunk)
                told.moved(len(chunk))
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(target.parent, source.stat().st_size) from error
        raise


def _described(
    backend: Backend, folder: Path, names: list[str], origin: str, revision: str
) -> Manifest:
    """Check a folder and note what is in it; a model that does not fit is not kept."""
    try:
        check(folder, backend)
    except ModelError as error:
        shutil.rmtree(folder, ignore_errors=True)
        message = f"{origin} is not {backend.name}: {error.message}"
        mend = "Nothing was changed."
        raise ModelError(message, mend=mend) from error
    files = tuple(
        StoredFile(name, (folder / name).stat().st_size, sha256(folder / name)) for name in names
    )
    made = Manifest(backend.name, origin, revision, backend.licence, int(time.time()), files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(made)))
    return made


def moved_in(home: Path, folder: Path, made: Manifest) -> Pulled:
    """Put a finished folder where the model belongs; what was there before goes.

    So does what earlier pulls of the model have left half done.
    """
    target = weights_folder(home, made.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    before = workshop(home) / f"{made.name}-before-{os.getpid()}"
    if target.exists():
        target.rename(before)
    folder.rename(target)
    for left in workshop(home).glob(f"{made.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    return Pulled(made, target, fetched=True)
