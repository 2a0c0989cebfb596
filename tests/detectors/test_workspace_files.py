"""What people wrote is read once for each state of its file, and anew when that is another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from codearch.detectors._workspace_files import replace_file, understood

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 1_700_000_000


def reading() -> tuple[list[bytes | None], object]:
    asked: list[bytes | None] = []

    def read(data: bytes | None) -> bytes | None:
        asked.append(data)
        return data

    return asked, read


def test_a_file_is_read_once_until_it_is_another(tmp_path: Path) -> None:
    path = tmp_path / ".codearch" / "debt.toml"
    asked, read = reading()
    assert understood(path, read) is None
    replace_file(path, "one")
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert [understood(path, read) for _ in range(3)] == [b"one"] * 3
    assert asked == [None, b"one"]
    replace_file(path, "two")
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert understood(path, read) == b"two", "the same time and size, another inode"
    path.write_bytes(b"three")
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert understood(path, read) == b"three", "the same inode and time, another size"
    path.unlink()
    assert understood(path, read) is None


def test_a_file_that_was_written_a_moment_ago_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "debt.toml"
    path.write_bytes(b"one")
    _, read = reading()
    first = path.stat()
    assert understood(path, read) == b"one"
    path.write_bytes(b"two")
    os.utime(path, ns=(first.st_atime_ns, first.st_mtime_ns))  # as a coarse clock leaves it
    assert understood(path, read) == b"two"


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "debt.toml", tmp_path / "secret"
    elsewhere.write_bytes(b"secret")
    path.write_bytes(b"one")
    os.utime(path, (LONG_AGO, LONG_AGO))
    _, read = reading()
    assert understood(path, read) == b"one"
    path.unlink()
    path.symlink_to(elsewhere)
    assert understood(path, read) is None
