"""The indexer reads the history at leisure, gives way meanwhile, and has rules run again on it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from codearch.detectors import ProjectDetector, project_detectors
from codearch.history.log import Log, Logged
from codearch.indexer import detecting
from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors import Draft, ProjectView
    from conftest import Workspace

DAY = 24 * 3600
START = 1_600_000_000
COMMITS = 60
ORDERS, EXPORT = "shop/orders.py", "export/rows.py"


@pytest.fixture
def entangled(repository: Workspace) -> Workspace:
    """Two files that always change together, and do not know of each other."""
    for number in range(COMMITS):
        repository.write(ORDERS, f"COLUMNS = {number}\n")
        repository.write(EXPORT, f"HEADER = {number}\n")
        repository.commit(f"Add column {number}", time=START + number * DAY)
    return repository


def coupled(running: Running) -> list[str]:
    """Return what the rule says, as soon as nothing waits."""
    running.ask("flush")
    with running.snapshot() as snapshot:
        return [each.message for each in snapshot.findings(rule="coupling")]


def history_read(running: Running) -> None:
    running.ask("want_history", paths=[], wait=60)


def test_rules_run_again_when_the_history_has_been_read(entangled: Workspace) -> None:
    with Running(entangled.root) as running:
        running.index()
        history_read(running)
        (message,) = coupled(running)
        assert f"{COMMITS} of its {COMMITS} commits also changed that file" in message
        entangled.write(EXPORT, "HEADER = 'new'\n")
        entangled.commit("Head it anew", time=START + COMMITS * DAY)
        history_read(running)
        (message,) = coupled(running)
        assert f"{COMMITS} of its {COMMITS + 1} commits" in message
        with running.snapshot() as snapshot:
            (edge,) = snapshot.coupling(ORDERS)
            assert (edge.kind, edge.count) == ("change", COMMITS)


def test_rules_that_read_no_history_do_not_run_again(
    entangled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def noting(rule: ProjectDetector) -> ProjectDetector:
        def check(view: ProjectView) -> Iterator[Draft]:
            ran.append(rule.id)
            return rule.check(view)

        return replace(rule, check=check)

    rules = [noting(rule) for rule in project_detectors() if rule.on]
    monkeypatch.setattr(detecting, "project_detectors", lambda: rules)
    with Running(entangled.root) as running:
        running.index()
        history_read(running)
        coupled(running)
        ran.clear()
        entangled.commit("Nothing in any file", time=START + COMMITS * DAY)
        history_read(running)
        coupled(running)
    assert set(ran) == {"coupling"}


def test_edits_do_not_wait_for_the_history(
    entangled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Log.take
    stock: list[Logged] = []
    whole: list[bool] = []

    def slowly(log: Log) -> list[Logged]:
        time.sleep(0.05)
        if not whole:
            stock.extend(take(log))
            whole.extend([True] if log.ended else [])
        log.ended = bool(whole) and len(stock) <= 1
        return [stock.pop(0)] if stock else []

    monkeypatch.setattr(Log, "take", slowly)
    with Running(entangled.root) as running:
        running.index()
        entangled.write("shop/prices.py", "def gross_price():\n    return 2\n")
        running.ask("flush")
        with running.snapshot() as snapshot:
            assert snapshot.named("gross_price")
            assert snapshot.past() is None
        history_read(running)
        with running.snapshot() as snapshot:
            past = snapshot.past()
            assert past is not None
            assert past.size == COMMITS


def test_process_that_ends_amid_the_history_leaves_no_git(entangled: Workspace) -> None:
    with Running(entangled.root) as running:
        running.index()
    with Running(entangled.root) as running:
        history_read(running)
        with running.snapshot() as snapshot:
            past = snapshot.past()
            assert past is not None
            assert past.file(ORDERS) == past.files[ORDERS]
            assert past.files[ORDERS].commits == COMMITS


def notes(running: Running) -> str:
    return " ".join(each["message"] for each in running.ask("status")["problems"])


def test_shallow_clone_is_said_in_the_status(entangled: Workspace) -> None:
    clone = entangled.root.parent / "clone"
    url = f"file://{entangled.root}"
    entangled.git("clone", "-q", "--depth", "3", url, str(clone))
    with Running(clone) as running:
        running.index()
        history_read(running)
        assert "This clone is shallow" in notes(running)
        assert coupled(running) == []


def test_no_repository_is_said_in_the_status(workspace: Workspace) -> None:
    workspace.write("a.py", "a = 1\n")
    with Running(workspace.root) as running:
        running.index()
        history_read(running)
        assert "There is no git repository here" in notes(running)
        with running.snapshot() as snapshot:
            assert snapshot.past() is None


def test_rule_is_off_without_history(entangled: Workspace) -> None:
    entangled.write("codearch.toml", "[history]\nenabled = false\n")
    with Running(entangled.root) as running:
        running.index()
        history_read(running)
        assert coupled(running) == []
