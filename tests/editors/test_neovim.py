"""The plugin of clients/neovim inside Neovim: with the server, and without one that serves."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codearch.commands._schema import schemas
from editors import hostile
from editors.desk import program

if TYPE_CHECKING:
    from editors.desk import Desk

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "clients" / "neovim"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A copy of the plugin, in which Neovim may write its help tags."""
    return Path(shutil.copytree(PLUGIN, tmp_path / "plugin"))


def driven(desk: Desk, plugin: Path, script: str) -> str:
    """Run a script in Neovim, which ends with it also where it fails."""
    neovim = program("nvim", "neovim")
    desk.environment.update(
        PLUGIN=str(plugin), PYTHON=sys.executable, OLD_SERVER=str(HERE / "old_server.py")
    )
    # A failing script must not leave the editor waiting for keys.
    run = f"lua local ok, why = pcall(dofile, '{HERE / script}') if not ok then print(why) vim.cmd('cquit 1') end"
    return desk.run(neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", run)


@pytest.mark.timeout(300)
def test_neovim_finds_its_way_and_leaves_nothing_behind(desk: Desk, plugin: Path) -> None:
    desk.shop.write(hostile.NAME, hostile.TEXT)
    assert "passed" in driven(desk, plugin, "neovim.lua")
    assert not list(desk.shop.root.rglob("pwned"))
    desk.assert_nothing_runs()


def test_without_a_server_that_serves_there_is_a_sentence(desk: Desk, plugin: Path) -> None:
    told = driven(desk, plugin, "neovim_refused.lua")
    assert "passed" in told
    line = next(line for line in told.splitlines() if "CHOICES" in line)
    assert json.loads(line.partition("CHOICES ")[2]) == choices()


def choices() -> dict[str, list[str]]:
    """Return the values that the server takes where the plugin completes them."""
    found = schemas()["$defs"]

    def of(form: str, field: str) -> list[str]:
        values = next(_enums(found[form]["properties"][field]))
        return sorted(values)

    return {
        "category": of("DebtQuery", "category"),
        "format": of("GraphQuery", "format"),
        "graph": of("GraphQuery", "kind"),
        "kind": of("SearchQuery", "kind"),
        "level": of("GraphQuery", "level"),
        "mode": of("SearchQuery", "mode"),
        "sort": of("DebtQuery", "sort"),
        "status": of("DebtQuery", "status"),
    }


def _enums(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        yield schema["enum"]
    for one in schema.get("anyOf", []):
        yield from _enums(one)


def test_every_command_is_in_the_help() -> None:
    text = (PLUGIN / "doc" / "codearch.txt").read_text("utf-8")
    commands = {file.stem for file in (PLUGIN / "lua/codearch/commands").glob("*.lua")}
    assert {name for name in commands if f"*:Codearch-{name}*" in text} == commands
