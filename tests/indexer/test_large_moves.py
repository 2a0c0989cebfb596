"""A folder of any size can move, and its symbols stay who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patience import PATIENCE_SECONDS, wait_until

if TYPE_CHECKING:
    import pytest

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


SHIP = "def {0}():\n    return 'a hull, a mast and sails of {0}'\n\n\n"


def test_what_git_moves_is_compared_when_git_is_done(
    repository: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at in the middle, it would be a file that goes and another that comes."""
    repository.write("old.py", SHIP.format("ketch"))
    indexer.hello()
    indexer.index()
    before = ids(indexer, "")
    looked: list[None] = []
    scan = indexer.shop.intake.scan
    monkeypatch.setattr(indexer.shop.intake, "scan", lambda: (scan(), looked.append(None)))

    lock = repository.write(".git/index.lock", "")
    (repository.root / "old.py").unlink()
    settled = indexer.engine.waiting.flush()
    wait_until(lambda: bool(looked))
    assert ids(indexer, "") == before
    assert indexer.ask("status")["state"] == "indexing"
    repository.write("new.py", SHIP.format("ketch"))
    lock.unlink()
    settled.result(PATIENCE_SECONDS)
    with indexer.snapshot() as snapshot:
        assert [file.path for file in snapshot.files()] == ["new.py"]
    assert ids(indexer, "") == before


def test_a_file_may_go_a_while_before_it_comes_elsewhere(
    workspace: Workspace, indexer: Running
) -> None:
    """Git deletes what a branch lacks before it writes what that has."""
    workspace.write("old/ketch.py", SHIP.format("ketch"))
    workspace.write("old/yawl.py", SHIP.format("yawl"))
    indexer.index()
    before = ids(indexer, "")
    for name in ("ketch", "yawl"):
        (workspace.root / "old" / f"{name}.py").unlink()
    indexer.index()
    assert not ids(indexer, "")
    workspace.write("new/ketch.py", SHIP.format("ketch"))
    indexer.index()
    workspace.write("old/yawl.py", SHIP.format("yawl") + "x = 1\n")  # born again, so to speak
    workspace.write("new/yawl.py", SHIP.format("yawl"))
    indexer.index()
    assert ids(indexer, "new")["ketch"] == before["ketch"]
    everywhere = [*ids(indexer, "new").values(), *ids(indexer, "old").values()]
    assert len(everywhere) == len(set(everywhere)), "no two are the same one"


def test_equal_files_are_matched_before_those_that_are_alike(
    workspace: Workspace, indexer: Running
) -> None:
    ketch, yawl, sloop = (SHIP.format(name) for name in ("ketch", "yawl", "sloop"))
    workspace.write("harbour.py", ketch + yawl)
    indexer.index()
    before = ids(indexer, "")
    (workspace.root / "harbour.py").unlink()
    workspace.write("a_part.py", ketch + sloop)  # half of it, and first by its name
    workspace.write("whole.py", ketch + yawl)
    indexer.index()
    with indexer.snapshot() as snapshot:
        found = {symbol.name: symbol.id for symbol in snapshot.symbols("whole.py") if symbol.name}
    assert found == {name: before[name] for name in ("ketch", "yawl")}
