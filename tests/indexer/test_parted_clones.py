"""Copies of which a commit changed one alone: git is asked at leisure, and the finding names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.running import Running

if TYPE_CHECKING:
    from codearch.facts import Finding
    from conftest import Workspace

DAY = 24 * 3600
START = 1_700_000_000
LOAD = """
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
MENDED = LOAD.replace("path.lower()", "path.strip()")
LONGER = LOAD.replace("    if not rows", "    rows.sort(key=str.lower)\n    if not rows")


def clones(running: Running) -> list[Finding]:
    running.ask("want_history", paths=[], wait=60)
    running.ask("flush")
    with running.snapshot() as snapshot:
        return snapshot.findings(rule="clone")


def committed(workspace: Workspace, *steps: tuple[str, dict[str, str]]) -> list[str]:
    found = []
    for day, (subject, files) in enumerate(steps):
        for path, text in files.items():
            workspace.write(path, text)
        found.append(workspace.commit(subject, time=START + day * DAY))
    return found


def test_a_fix_that_reached_one_copy_alone_is_named_and_weighs_more(repository: Workspace) -> None:
    *_, fix, _ = committed(
        repository,
        ("Load", {"a.py": LOAD}),
        ("Load there, too", {"b.py": LOAD}),
        ("Name them", {"a.py": "A = 1\n" + LOAD, "b.py": "B = 1\n" + LOAD}),
        ("Fix paths with blanks", {"a.py": "A = 1\n" + MENDED}),
        ("Count on", {"a.py": "A = 2\n" + MENDED, "b.py": "B = 2\n" + LOAD}),
    )
    with Running(repository.root) as running:
        running.index()
        (found,) = clones(running)
    said = f"{fix[:9]} (2023-11-17, Fix paths with blanks) mended a.py:3 and not b.py:3"
    assert said in found.message
    assert found.message.endswith("the same until then, after 1 commit that changed both files")
    assert found.severity == 4


def test_a_change_of_one_copy_is_named_on_whichever_side(repository: Workspace) -> None:
    *_, change = committed(
        repository,
        ("Load", {"a.py": LOAD, "b.py": LOAD}),
        ("Sort rows", {"b.py": LONGER}),
    )
    with Running(repository.root) as running:
        running.index()
        (found,) = clones(running)
    said = f"{change[:9]} (2023-11-15, Sort rows) changed b.py:2 and not a.py:2, which was the same"
    assert said in found.message
    assert found.severity == 3


def test_nothing_is_said_where_they_never_were_the_same(repository: Workspace) -> None:
    committed(
        repository,
        ("Fix loading", {"a.py": LOAD}),
        ("Fix loading there", {"b.py": MENDED}),
        ("Fix the name", {"a.py": "A = 1\n" + LOAD}),
        ("Fix both", {"a.py": "A = 1\n" + LONGER, "b.py": LONGER.replace("lower()", "strip()")}),
    )
    with Running(repository.root) as running:
        running.index()
        (found,) = clones(running)
    assert "until then" not in found.message


def test_what_is_committed_later_is_asked_again(repository: Workspace) -> None:
    committed(repository, ("Load", {"a.py": LOAD, "b.py": LOAD}))
    with Running(repository.root) as running:
        running.index()
        clones(running)
        repository.write("a.py", MENDED)
        running.index()
        (found,) = clones(running)
        assert "until then" not in found.message
        fix = repository.commit("Fix paths with blanks", time=START + DAY)
        (found,) = clones(running)
    assert fix[:9] in found.message
    assert found.severity == 4


def test_edits_of_comments_leave_what_was_answered(repository: Workspace) -> None:
    committed(
        repository,
        ("Load", {"a.py": LOAD, "b.py": LOAD}),
        ("Fix paths with blanks", {"a.py": MENDED}),
    )
    with Running(repository.root) as running:
        running.index()
        (found,) = clones(running)
        assert "mended a.py:2 and not b.py:2" in found.message
        noted = MENDED.replace("cache:\n", "cache:  # known by now\n\n        # then\n", 1)
        repository.write("a.py", "# note\n\n" + noted)
        repository.write("b.py", "# note" + LOAD)
        running.index()
        with running.snapshot() as snapshot:
            (found,) = snapshot.findings(rule="clone")
    assert found.span.line == 3
    assert "mended a.py:4 and not b.py:2" in found.message


def test_comments_that_were_committed_beside_a_change_do_not_count(repository: Workspace) -> None:
    *_, fix = committed(
        repository,
        ("Load", {"a.py": LOAD.replace("key)", "key)  # by"), "b.py": LOAD}),
        ("Fix paths with blanks", {"a.py": MENDED.replace("    rows", "    # split\n    rows", 1)}),
    )
    with Running(repository.root) as running:
        running.index()
        (found,) = clones(running)
    assert fix[:9] in found.message


def test_an_index_that_was_made_anew_asks_again(repository: Workspace) -> None:
    committed(
        repository,
        ("Load", {"a.py": LOAD, "b.py": LOAD}),
        ("Fix paths with blanks", {"a.py": MENDED}),
    )
    with Running(repository.root) as running:
        running.index()
        found = clones(running)
        assert "mended a.py:2 and not b.py:2" in found[0].message
        running.ask("rebuild")
        assert clones(running) == found
