"""The commands of clients/emacs inside Emacs, over eglot."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from editors import hostile
from editors.desk import missing, program

if TYPE_CHECKING:
    from editors.desk import Desk

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "clients" / "emacs" / "codearch.el"


def driven(desk: Desk, client: Path, script: str) -> str:
    """Run a script in Emacs that loads the client."""
    emacs = program("emacs", "emacs-nox elpa-eglot")
    desk.environment["CLIENT"] = str(client)
    told = desk.run(emacs, "-Q", "--batch", "-l", str(HERE / script))
    if "no eglot" in told:
        missing("eglot", "elpa-eglot")
    return told


@pytest.mark.timeout(300)
def test_emacs_finds_its_way_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.shop.write(hostile.NAME, hostile.TEXT)
    assert "passed" in driven(desk, CLIENT, "emacs.el")
    assert not list(desk.shop.root.rglob("pwned"))
    desk.assert_nothing_runs()


def test_it_compiles_without_a_warning_and_its_docs_are_in_form(desk: Desk, tmp_path: Path) -> None:
    copy = Path(shutil.copy(CLIENT, tmp_path / CLIENT.name))
    told = driven(desk, copy, "emacs_lint.el")
    assert "linted" in told
    assert [line for line in told.splitlines() if line.startswith("checkdoc: ")] == []
