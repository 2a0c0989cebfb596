"""The source archive holds what a wheel is built from, and nothing of other people's packages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

REPOSITORY = Path(__file__).resolve().parents[1]
OURS = {
    "README.md",
    "server/codearch/__init__.py",
    "clients/panels/bundled.py",
    "clients/panels/dist/index.html",
}


@pytest.mark.skipif(sys.platform == "win32", reason="npm's links are junctions there")
def test_source_archive_of_a_clone_with_node_modules(tmp_path: Path) -> None:
    for name in ["pyproject.toml", "LICENSE", "THIRD-PARTY-NOTICES.md"]:
        shutil.copy(REPOSITORY / name, tmp_path)
    for name in [*OURS, "clients/node_modules/left-pad/README.md"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    links = tmp_path / "clients/node_modules/@codearch"
    links.mkdir()
    (links / "panels").symlink_to("../../panels")
    builder = SdistBuilder(str(tmp_path))
    found = {each.distribution_path for each in builder.recurse_included_files()}
    assert found >= OURS
    assert not [name for name in found if "node_modules" in name]
