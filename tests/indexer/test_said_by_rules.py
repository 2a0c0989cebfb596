"""What rules on the whole workspace leave out is said in the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

COPIED = """
def load(path, cache):
    key = path.lower()
    if key in cache:
        return cache[key]
    with open(path) as file:
        rows = [row.strip() for row in file if row.strip()]
    if not rows:
        raise ValueError(path)
    cache[key] = dict(row.split("=", 1) for row in rows)
    return cache[key]
"""


def found(indexer: Running) -> list[str]:
    indexer.ask("flush")
    with indexer.snapshot() as snapshot:
        return [one.path for one in snapshot.findings(rule="clone")]


def said(indexer: Running) -> list[str]:
    problems = indexer.ask("status")["problems"]
    return [one["message"] for one in problems if "clone" in one["mend"]]


def test_clones_are_found_up_to_a_number_of_files_and_beyond_the_status_says_so(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("codearch.toml", "[rules.clone]\nfiles = 3\n")
    for name in "abc":
        workspace.write(f"{name}.py", COPIED)
    indexer.hello()
    indexer.index()
    assert (found(indexer), said(indexer)) == (["a.py"], [])
    workspace.write("d.py", COPIED)
    assert found(indexer) == []
    why = "Clones are not looked for: there are more than 3 files to compare."
    assert said(indexer) == [why]
    assert indexer.ask("status")["health"] == "ok"
    workspace.write("codearch.toml", "")
    assert (found(indexer), said(indexer)) == (["a.py"], [])
