"""The server inside Emacs, by eglot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from editors.desk import missing, program

if TYPE_CHECKING:
    from editors.desk import Desk

SCRIPT = Path(__file__).with_name("emacs.el")


def test_emacs_finds_its_way_and_leaves_nothing_behind(desk: Desk) -> None:
    emacs = program("emacs", "emacs-nox elpa-eglot")
    told = desk.run(emacs, "-Q", "--batch", "-l", str(SCRIPT))
    if "no eglot" in told:
        missing("eglot", "elpa-eglot")
    assert "passed" in told
    desk.assert_nothing_runs()
