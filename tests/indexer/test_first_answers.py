"""The first files of a large workspace are found long before the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.indexer.workshop import Workshop
from codearch.settings import claimed_cache

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

FILES = 120


def test_the_first_step_needs_no_worker_and_begins_with_what_is_open(
    workspace: Workspace, own_cache: Path
) -> None:
    for number in range(FILES):
        workspace.write(f"part{number:03}.py", f"def part{number}():\n    return {number}\n")
    shop = Workshop(workspace.root, claimed_cache(workspace.root))
    try:
        shop.intake.hurry(["part117.py", "not/there.py"])  # told before the disk was looked at
        shop.intake.scan()
        shop.intake.hurry(["part100.py"])
        shop.intake.pump()
        found = [path for (path,) in shop.connection.execute("SELECT path FROM files ORDER BY id")]
        assert {"part117.py", "part100.py", "part000.py"} <= set(found)
        assert 2 < len(found) < FILES / 4
    finally:
        shop.close()
