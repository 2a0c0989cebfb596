"""A folder of any size can move, and its symbols stay who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

FILES = 400


def ids(indexer: Running, folder: str) -> dict[str, str]:
    with indexer.snapshot() as snapshot:
        return {
            symbol.name: symbol.id
            for file in snapshot.files(under=folder)
            for symbol in snapshot.symbols(file.path)
            if symbol.name
        }


def test_ids_survive_the_move_of_a_large_folder(workspace: Workspace, indexer: Running) -> None:
    for number in range(FILES):
        workspace.write(f"old/m{number}.py", f"def moor{number}():\n    return {number}\n")
    indexer.index()
    before = ids(indexer, "old")
    assert len(before) == FILES
    (workspace.root / "old").rename(workspace.root / "new")
    indexer.index()
    assert ids(indexer, "new") == before
