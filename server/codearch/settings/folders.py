"""Where things lie: a root, its folder in the cache, the user's settings and models."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from codearch.errors import EXHAUSTED, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.settings.keys import Settings

APPLICATION = "codearch"
ROOT_MARKS = ("codearch.toml", ".git")
SETTINGS_FILES = frozenset({"codearch.toml", "pyproject.toml"})  # of a workspace, at its root
CACHE_VARIABLE, MODEL_VARIABLE = FOLDER_VARIABLES = ("CODEARCH_CACHE_DIR", "CODEARCH_MODEL_DIR")
ROOT_NOTE = "root.txt"  # in a root's cache folder: the path it belongs to; its time, the last use
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLAIMS = 5  # more often than that nobody removes a folder as it is being made


def find_root(start: Path, explicit: Path | None = None) -> Path:
    """Return the canonical root: `explicit`, else the nearest marked folder, else `start`."""
    if explicit is not None:
        if not explicit.is_dir():
            message = f"{explicit} is not a folder."
            raise UsageError(message, field="root", mend="Give --root an existing folder.")
        return explicit.resolve()
    start = start.resolve()
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in ROOT_MARKS):
            return folder
    return start


def is_whole_disk(root: Path) -> bool:
    """Say whether a root is the top of a file system that nobody has marked as a workspace.

    Nobody wants all of it indexed: what is open in an editor is.
    """
    return root.parent == root and not any((root / mark).exists() for mark in ROOT_MARKS)


def is_too_wide(folder: Path) -> bool:
    """Say whether a folder is the user's home or holds it: too much for one file that is open."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return home.resolve().is_relative_to(folder)


def cache_home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that holds one folder for each root."""
    named = environment.get(CACHE_VARIABLE, "")
    return written_folder(named) if named else user_cache_folder()


def written_folder(written: str) -> Path:
    """Return the folder that somebody wrote, seen from the current one."""
    return Path(written).expanduser().absolute()


def user_cache_folder() -> Path:
    """Return the cache folder of this user."""
    return platformdirs.user_cache_path(APPLICATION, appauthor=False)


def root_cache(root: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the cache folder of a root; it need not exist."""
    return cache_home(environment) / _name_of(root)


def root_searches(root: Path) -> Path:
    """Return the file, in the user's state folder, of what is searched for in a root."""
    folder = platformdirs.user_state_path(APPLICATION, appauthor=False) / "searches"
    return folder / f"{_name_of(root)}.json"


def _name_of(root: Path) -> str:
    """Return a root's own name for people, ending in a hash of the canonical path."""
    canonical = os.path.normcase(root.resolve())
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", root.resolve().name)[:24].strip("-.")
    return f"{plain}-{digest}" if plain else digest


def claimed_cache(root: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the cache folder of a root, made for this user alone and noting the root's path.

    Raises StoreError where nothing can be written.
    """
    folder = root_cache(root, environment)
    for again in reversed(range(_CLAIMS)):
        try:
            _claim(folder, f"{root.resolve()}\n")
            break
        except OSError as error:
            if again and isinstance(error, FileNotFoundError):
                continue  # it was evicted as we came
            message = f"The cache folder {folder} cannot be written to: {error.strerror or error}."
            raise StoreError(message, mend=_mend_of(error)) from error
    return folder


def _mend_of(error: OSError) -> str:
    """Return what to do where the cache folder cannot be made or written to."""
    if error.errno in EXHAUSTED:
        return "Raise the limit of open files (`ulimit -n`), or end what holds so many open."
    if error.errno in _FULL:
        return f"Make room on its disk, or let {CACHE_VARIABLE} name a folder on another."
    return f"Let {CACHE_VARIABLE} name a folder in which you may write."


def _claim(folder: Path, text: str) -> None:
    """Make a root's folder where it is missing, keep others out, and note whose it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep_private(folder)
    note = folder / ROOT_NOTE
    if not note.exists() or note.read_text("utf-8", "surrogateescape") != text:
        fresh = folder / f".{ROOT_NOTE}.{os.getpid()}"
        fresh.write_text(text, "utf-8", "surrogateescape")
        fresh.replace(note)
    if not os.access(folder, os.W_OK | os.X_OK):
        folder.lstat()  # raises where it was evicted meanwhile, which is no matter of permissions
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _keep_private(folder: Path) -> None:
    """Refuse a folder that somebody else has put there, who could read all that is told to it."""
    if sys.platform == "win32":  # where the user's own folder is private by inheritance
        return
    state = folder.lstat()
    ours = os.geteuid()
    if ours not in (0, state.st_uid):
        raise PermissionError(errno.EPERM, "it belongs to another user", str(folder))
    if state.st_uid == ours and stat.S_ISDIR(state.st_mode) and state.st_mode & 0o077:
        with contextlib.suppress(OSError):  # some file systems know no permissions
            folder.chmod(0o700)


def note_use(folder: Path) -> None:
    """Note that a root's index is used now: the time of its note is what eviction goes by."""
    with contextlib.suppress(OSError):  # deleted, or read-only: nothing to be said about it here
        os.utime(folder / ROOT_NOTE)


def user_settings_file() -> Path:
    """Return the path of the user's own settings file; it need not exist."""
    return platformdirs.user_config_path(APPLICATION, appauthor=False) / "codearch.toml"


def models_folder(settings: Settings) -> Path:
    """Return the folder of the models that the user has added; it need not exist."""
    if settings.model.dir:
        return written_folder(settings.model.dir)
    return platformdirs.user_data_path(APPLICATION, appauthor=False) / "models"
