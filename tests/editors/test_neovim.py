"""The server inside Neovim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from editors.desk import program

if TYPE_CHECKING:
    from editors.desk import Desk

SCRIPT = Path(__file__).with_name("neovim.lua")


def test_neovim_finds_its_way_and_leaves_nothing_behind(desk: Desk) -> None:
    neovim = program("nvim", "neovim")
    # A failing script must not leave the editor waiting for keys.
    script = f"lua local ok, why = pcall(dofile, '{SCRIPT}') if not ok then print(why) vim.cmd('cquit 1') end"
    told = desk.run(neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", script)
    assert "passed" in told
    desk.assert_nothing_runs()
