"""Where an indexer listens when its cache folder has a long name."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from codearch.indexer.address import new_address, short_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes have no folder")
NOBODY = 2**22 + 7  # beyond the largest process number


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_short_name_stays_in_the_cache_folder(tmp_path: Path) -> None:
    assert Path(new_address(Path("/cache/root"))).parent == Path("/cache/root")
    assert list(tmp_path.iterdir()) == []


def test_long_names_share_one_folder_and_leave_nothing(tmp_path: Path) -> None:
    found = {new_address(Path("/cache") / (letter * 100)) for letter in "abc"}
    assert len(found) == 3
    assert len({Path(each).parent for each in found}) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_sockets_of_killed_processes_are_swept() -> None:
    left = short_folder() / f"0123456789abcdef.{NOBODY}"
    left.touch()
    short_folder()
    assert not left.exists()


def test_a_folder_that_others_may_enter_is_passed_over(tmp_path: Path) -> None:
    ours = short_folder()
    ours.chmod(0o755)
    other = short_folder()
    assert other != ours
    assert other.stat().st_mode & 0o077 == 0
