"""Where a team's objects lie: a folder, or a bucket (see bucket.py). Names are paths with "/"."""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from typing import TYPE_CHECKING, Protocol

from codearch.errors import AbsentError, RefusedError, TeamStoreError, UsageError
from codearch.settings.folders import written_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.settings import VectorsSettings

BUCKET = "s3://"
_HALF_WRITTEN = ".writing-"


class Place(Protocol):
    """A place for objects. Everything raises TeamStoreError, in bounded time for a bucket."""

    @property
    def name(self) -> str:
        """Name it for people."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects in a folder, none where there is no such folder."""
        ...

    def read(self, path: str, most: int) -> bytes:
        """Return an object; raises AbsentError, and RefusedError where it is longer than `most`."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Put an object there, as a whole or not at all."""
        ...

    def delete(self, path: str) -> None:
        """Take an object away; one that is not there is gone."""
        ...


def place_of(settings: VectorsSettings) -> Place:
    """Return the place that the settings name; raises TeamStoreError for what is none."""
    where = settings.store
    if where.startswith(BUCKET):
        from codearch.store.team.bucket import BucketPlace  # noqa: PLC0415 - an extra

        return BucketPlace(where, settings.endpoint)
    if "://" in where:
        message = f"`vectors.store` is {where!r}, which is neither a folder nor {BUCKET}…."
        raise TeamStoreError(message, mend=f"Give a folder, or {BUCKET}bucket/prefix.")
    try:
        folder = written_folder(where)
    except (UsageError, RuntimeError) as error:
        message = f"`vectors.store` is {where!r}, which is no folder: {error}."
        raise TeamStoreError(message) from error
    return FolderPlace(folder)


class FolderPlace:
    """A folder on a disk that the team shares. It must be there: a share may not be mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """Name the folder."""
        return str(self._folder)

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, without those that are being written."""
        with self._translated():
            self._look()
            try:
                found = os.listdir(self._folder / folder)  # noqa: PTH208 - names, not paths
            except FileNotFoundError:
                return []
        return [name for name in found if not name.startswith(_HALF_WRITTEN)]

    def read(self, path: str, most: int) -> bytes:
        """Return a file's content; raises AbsentError, or RefusedError as `Place` says."""
        file = self._folder / path
        with self._translated():
            self._look()
            try:
                state = file.stat()
                if not stat.S_ISREG(state.st_mode) or state.st_size > most:
                    raise RefusedError(_too_long(file.name))
                return file.read_bytes()
            except FileNotFoundError as error:
                message = f"{self.name} has no {path}."
                raise AbsentError(message) from error

    def write(self, path: str, data: bytes) -> None:
        """Write a file beside its place, and move it there when all of it is on the disk."""
        file = self._folder / path
        fresh = file.with_name(f"{_HALF_WRITTEN}{uuid.uuid4().hex}")
        with self._translated():
            self._look()
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                with fresh.open("xb") as opened:
                    opened.write(data)
                    opened.flush()
                    os.fsync(opened.fileno())
                fresh.replace(file)
            finally:
                with contextlib.suppress(OSError):
                    fresh.unlink(missing_ok=True)

    def delete(self, path: str) -> None:
        """Delete a file; one that is not there is gone."""
        with self._translated():
            (self._folder / path).unlink(missing_ok=True)

    def _look(self) -> None:
        if not self._folder.is_dir():
            message = f"The folder {self._folder} of the team's vectors is not there."
            raise TeamStoreError(message, mend="Mount or make it, or empty `vectors.store`.")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = (
                f"The team's vectors in {self._folder} cannot be used: {error.strerror or error}."
            )
            raise TeamStoreError(message) from error


def _too_long(name: str) -> str:
    return f"{name} is much longer than its kind is."
