"""What people wrote is replaced whole: a full disk or a kill leaves what was there before."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from codearch.detectors._accepted import BASELINE, read_baseline, write_baseline
from codearch.errors import CodearchError, SettingsError
from codearch.settings import user_settings_file
from codearch.settings.writing import write_user_setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes it impossible to bring a file to the disk."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(os, "fsync", refuse)


def around(file: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in file.parent.iterdir()}


def test_baseline(workspace: Workspace, full_disk: Callable[[], None]) -> None:
    write_baseline(workspace.root, [])
    before = around(workspace.root / BASELINE)
    full_disk()
    with pytest.raises(CodearchError, match="No space left"):
        write_baseline(workspace.root, [])
    assert around(workspace.root / BASELINE) == before
    assert read_baseline(workspace.root) == ()


def test_settings(workspace: Workspace, full_disk: Callable[[], None]) -> None:
    write_user_setting("search.vectors", False)
    before = around(user_settings_file())
    full_disk()
    with pytest.raises(SettingsError, match="No space left"):
        write_user_setting("search.vectors", True)
    assert around(user_settings_file()) == before
