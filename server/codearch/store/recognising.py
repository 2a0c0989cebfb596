"""What a store's file is, told by its first bytes: nothing is opened, locked or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from codearch.store.schema import APPLICATION_ID, VERSION

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["readable", "older", "newer", "foreign", "unreadable", "none"]

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100  # https://www.sqlite.org/fileformat.html, "The Database Header"
_VERSION_AT, _APPLICATION_AT = 60, 68


def recognised(path: Path) -> Kind:
    """Say whether a database is ours and of this version; "none" where there is none yet."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return "none"
    except OSError:
        return "unreadable"
    return _told_by(header, path) if header else "none"


def _told_by(header: bytes, path: Path) -> Kind:
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return "foreign"
    application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4], "big")
    if application == 0 and _has_log(path):
        return "readable"  # just made: its tables still stand in the log
    if application != APPLICATION_ID:
        return "foreign"
    version = int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big")
    if version == VERSION:
        return "readable"
    return "older" if version < VERSION else "newer"


def _has_log(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False
