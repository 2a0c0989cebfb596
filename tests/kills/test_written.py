"""What people wrote is replaced whole: a full disk or a kill leaves what was there before."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from codearch.detectors import (
    Judgement,
    read_baseline,
    read_judgements,
    write_baseline,
    write_judgement,
)
from codearch.detectors._accepted import BASELINE
from codearch.detectors._judged import DEBT
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


WRITER = """
import itertools
import os
import sys
from pathlib import Path

from codearch.detectors import BaselineEntry, Judgement, write_baseline, write_judgement
from codearch.settings.writing import write_user_setting

root = Path(sys.argv[1])
print("begun", flush=True)
for number in itertools.count():
    write_baseline(root, [BaselineEntry(f"{at}.py", "todo", str(number)) for at in range(400)])
    write_judgement(root, Judgement(str(number % 30), "wontFix", "a note " * 50))
    write_user_setting("search.vectors", number % 2 == 0)
"""


@pytest.mark.parametrize("seconds", [each / 100 for each in range(1, 30, 2)])
def test_a_kill_leaves_a_whole_file(workspace: Workspace, seconds: float) -> None:
    command = [sys.executable, "-c", WRITER, str(workspace.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)  # whatever it writes by then
        process.kill()
    baseline = read_baseline(workspace.root)
    assert len(baseline) in (0, 400)
    assert len({entry.id for entry in baseline}) <= 1
    for file in (workspace.root / DEBT, user_settings_file()):
        if file.exists():
            tomllib.loads(file.read_text())
    write_judgement(workspace.root, Judgement("last", "wontFix"))
    assert "last" in {each.id for each in read_judgements(workspace.root)}


def test_judgements(workspace: Workspace, full_disk: Callable[[], None]) -> None:
    write_judgement(workspace.root, Judgement("1", "wontFix", "by design"))
    before = around(workspace.root / DEBT)
    full_disk()
    with pytest.raises(CodearchError, match="No space left"):
        write_judgement(workspace.root, Judgement("2", "wontFix"))
    assert around(workspace.root / DEBT) == before
