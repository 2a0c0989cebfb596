"""The baseline: a file that people keep with their code."""

from __future__ import annotations

from pathlib import Path

import pytest

from codearch.detectors import (
    BaselineEntry,
    read_baseline,
    still_there,
    write_baseline,
)
from codearch.errors import CodearchError

ONE = BaselineEntry("a.py", "todo", "1" * 16)
TWO = BaselineEntry("b.py", "unused-import", "2" * 16)


def test_a_baseline_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_baseline(tmp_path) == ()
    write_baseline(tmp_path, [TWO, ONE, ONE])
    assert read_baseline(tmp_path) == (ONE, TWO)
    lines = (tmp_path / ".codearch" / "baseline.json").read_text().splitlines()
    assert sum("a.py" in line for line in lines) == 1, "one entry a line, so that versions merge"
    write_baseline(tmp_path, [])
    assert read_baseline(tmp_path) == ()


def test_a_broken_baseline_is_said_rather_than_ignored(tmp_path: Path) -> None:
    (tmp_path / ".codearch").mkdir()
    (tmp_path / ".codearch" / "baseline.json").write_text("{")
    with pytest.raises(CodearchError, match=r"baseline\.json cannot be understood"):
        read_baseline(tmp_path)


def test_only_entries_that_were_looked_for_shrink_away() -> None:
    assert still_there([ONE, TWO], [], lambda entry: entry.path == "a.py") == [TWO]
    assert still_there([ONE, TWO], [], lambda _: False) == [ONE, TWO]


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="no symbolic links here")
def test_nothing_is_read_or_written_through_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    root = tmp_path / "root"
    root.mkdir()
    write_baseline(elsewhere.parent, [ONE])
    (root / ".codearch").symlink_to(tmp_path / ".codearch", target_is_directory=True)
    assert read_baseline(root) == ()
    with pytest.raises(CodearchError, match="symbolic link"):
        write_baseline(root, [])
    assert read_baseline(tmp_path) == (ONE,)
