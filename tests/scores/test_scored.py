"""Findings as they are read: their scores follow callers, tests and commits, in git's own folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.settings import Settings
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import Finding
    from conftest import Workspace
    from indexer.running import Running

DAY = 24 * 3600
START = 1_600_000_000
PRICE = """\
def price(item):
    # TODO: taxes
    return len(item)
"""
CALLER = "from price import price\n\n\ndef total_{0}(items):\n    return sum(map_{0}(items))\n\n\ndef map_{0}(items):\n    return [price(each) for each in items]\n"


def findings(indexer: Running, rule: str = "todo") -> dict[str, Finding]:
    """Return the findings of a rule by path, once all that was written is known."""
    indexer.ask("flush")
    with indexer.snapshot() as snapshot:
        return {each.path: each for each in snapshot.findings(rule=rule)}


def with_history(indexer: Running) -> dict[str, Finding]:
    indexer.ask("flush")
    indexer.ask("want_history", paths=[], wait=60)
    return findings(indexer)


def stored(indexer: Running) -> list[tuple[bytes, ...]]:
    with indexer.snapshot() as snapshot:
        rows = snapshot.connection.execute("SELECT id, data FROM findings ORDER BY id")
        return rows.fetchall()


def test_callers_raise_the_impact_and_nothing_is_stored(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("price.py", PRICE)
    before, kept = findings(indexer)["price.py"], stored(indexer)
    for number in range(6):
        workspace.write(f"caller{number}.py", CALLER.format(number))
    after = findings(indexer)["price.py"]
    assert after.impact > before.impact
    assert after.priority > before.priority
    assert stored(indexer) == kept
    for number in range(6):
        (workspace.root / f"caller{number}.py").unlink()
    assert findings(indexer)["price.py"] == before


def test_a_test_makes_mending_cheaper(workspace: Workspace, indexer: Running) -> None:
    workspace.write("price.py", "def price(a, b, c, d, e, f, g, h):\n    return a + b\n")
    workspace.write("tests/test_other.py", "def test_nothing():\n    assert 1\n")
    untested = findings(indexer, "many-parameters")["price.py"].effort_hours
    workspace.write(
        "tests/test_price.py",
        "from price import price\n\n\ndef test_price():\n    assert price(*range(8)) == 1\n",
    )
    assert findings(indexer, "many-parameters")["price.py"].effort_hours < untested


def test_what_often_changes_and_is_often_mended_comes_first(
    repository: Workspace, indexer: Running
) -> None:
    for name in ("busy.py", "quiet.py"):
        repository.write(name, PRICE)
    repository.commit("Begin", time=START)
    even = with_history(indexer)
    assert even["busy.py"].priority == even["quiet.py"].priority
    for number in range(12):
        repository.write("busy.py", f"{PRICE}\n\nRATE = {number}\n")
        repository.commit(f"Fix rate {number}", time=START + number * DAY)
    after = with_history(indexer)
    assert after["busy.py"].priority > after["quiet.py"].priority
    assert after["busy.py"].impact > after["quiet.py"].impact


def test_code_whose_author_left_weighs_more(repository: Workspace, indexer: Running) -> None:
    repository.write("old.py", PRICE)
    repository.commit("Begin", author="Bob", time=START)
    repository.write("new.py", PRICE)
    repository.commit("More", author="Ada", time=START)
    repository.write("other.py", "")
    repository.commit("Still here", author="Ada", time=START + 500 * DAY)
    found = with_history(indexer)
    assert found["old.py"].impact > found["new.py"].impact


def test_without_git_the_place_alone_counts(workspace: Workspace, indexer: Running) -> None:
    workspace.write("a.py", "# TODO: taxes\n")
    found = findings(indexer)["a.py"]
    workspace.write("sub/a.py", "# TODO: taxes\n")
    again = findings(indexer)
    assert again["a.py"] == found
    assert (again["sub/a.py"].impact, again["sub/a.py"].priority) == (found.impact, found.priority)


def _edit(repository: Workspace, number: int) -> None:
    repository.write(f"caller{number}.py", CALLER.format(number))


def _rename(repository: Workspace, number: int) -> None:
    repository.git("add", "-A")
    repository.git("mv", "price.py", f"price{number}.py")
    repository.write("price.py", PRICE)


def _commit(repository: Workspace, number: int) -> None:
    repository.write("price.py", f"{PRICE}\n\nRATE = {number}\n")
    repository.commit("Fix the rate", author=f"P{number % 2}", time=START + number * 200 * DAY)


def _back(repository: Workspace, _: int) -> None:
    repository.commit("All", time=START)
    repository.git("reset", "-q", "--hard", "HEAD~1")


@pytest.mark.parametrize("order", [(0, 2, 2, 0, 1, 2, 3), (2, 1, 2, 0, 3, 2, 0)])
def test_a_reader_that_is_kept_says_what_a_new_one_does(
    repository: Workspace, indexer: Running, order: tuple[int, ...]
) -> None:
    actions: list[Callable[[Workspace, int], None]] = [_edit, _rename, _commit, _back]
    repository.write("price.py", PRICE)
    repository.commit("Begin", time=START)
    indexer.ask("flush")
    kept = Reader(indexer.shop.folder, indexer.root)
    for number, action in enumerate(order):
        actions[action](repository, number)
        indexer.ask("flush")
        indexer.ask("want_history", paths=[], wait=60)
        indexer.ask("flush")
        with Snapshot(kept, Settings()) as old:
            whole = old.findings()
            parts = [
                each for path in sorted({f.path for f in whole}) for each in old.findings(path)
            ]
        with indexer.snapshot() as new:
            assert whole == new.findings()
        with indexer.snapshot() as new:
            assert parts == [
                each for f in sorted({f.path for f in whole}) for each in new.findings(f)
            ]
        assert parts == whole
    kept.close()
