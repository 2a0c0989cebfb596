"""Files that are not worth indexing are counted as long as they are there, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace
    from indexer.running import Running

BINARY = b"\x00\x01\x02 no text"


def flushed(indexer: Running) -> dict[str, int]:
    indexer.hello()
    indexer.ask("flush")
    skipped: dict[str, int] = indexer.ask("status")["skipped"]
    return skipped


def touched(indexer: Running, path: str) -> dict[str, int]:
    indexer.ask("touched", paths=[path])
    while (status := indexer.ask("status"))["state"] != "ready":
        continue
    skipped: dict[str, int] = status["skipped"]
    return skipped


def remove(workspace: Workspace) -> None:
    (workspace.root / "data" / "one.dat").unlink()


def write_text(workspace: Workspace) -> None:
    workspace.write("data/one.dat", "It is text now.\n")


def move(workspace: Workspace) -> None:
    (workspace.root / "data").rename(workspace.root.parent / "elsewhere")


@pytest.mark.parametrize("change", [remove, write_text, move])
def test_what_was_left_out_is_forgotten_when_it_is_gone(
    workspace: Workspace, indexer: Running, change: Callable[[Workspace], Any]
) -> None:
    workspace.write("data/one.dat", BINARY)
    assert flushed(indexer) == {"binary": 1}
    change(workspace)
    assert flushed(indexer) == {}


@pytest.mark.parametrize(
    ("change", "path"), [(remove, "data/one.dat"), (write_text, "data/one.dat"), (move, "data")]
)
def test_what_is_told_of_suffices(
    workspace: Workspace, indexer: Running, change: Callable[[Workspace], Any], path: str
) -> None:
    workspace.write("data/one.dat", BINARY)
    assert flushed(indexer) == {"binary": 1}
    change(workspace)
    assert touched(indexer, path) == {}
