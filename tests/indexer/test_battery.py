"""On its battery a machine does less, and never less for an edit or for somebody who waits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from codearch.indexer.power import Power, plugged_in
from codearch.settings.writing import write_user_setting
from indexer.running import Running
from patience import wait_until

if TYPE_CHECKING:
    from conftest import Workspace

MANY_FILES = 80
FEW_FILES = 40
FUNCTIONS = 10


class Plug:
    """What a test pulls out and puts in again; it is looked at each time."""

    def __init__(self) -> None:
        self.inserted = False

    def power(self) -> Power:
        return Power(lambda: self.inserted, itertools.count(step=10).__next__)


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """A machine on its battery, for indexers that start from now on."""
    plug = Plug()
    monkeypatch.setattr("codearch.indexer.workshop.Power", plug.power)
    return plug


def write_files(workspace: Workspace, count: int) -> None:
    for number in range(count):
        functions = (
            f"def part{number}_{letter}(order):\n    return order.{letter} * {number}\n"
            for letter in "abcdefghij"[:FUNCTIONS]
        )
        workspace.write(f"part{number}.py", "\n\n".join(functions))


def said(running: Running) -> str:
    status = running.ask("status")
    return " ".join(one["message"] for one in status["problems"] if "battery" in one["message"])


def state(running: Running) -> dict[str, Any]:
    status = running.ask("status")
    return {name: status[name] for name in ("state", "files", "progress", "health")}


def test_at_rest_many_files_wait_for_power_and_an_edit_does_not(
    workspace: Workspace, plug: Plug
) -> None:
    write_user_setting("indexer.onBattery", "rest")
    write_files(workspace, MANY_FILES)
    with Running(workspace.root) as running:
        running.hello()
        wait_until(lambda: f"{MANY_FILES} files wait for power" in said(running))
        assert state(running) == {
            "state": "indexing", "files": 0, "progress": None, "health": "ok",
        }  # fmt: skip
        workspace.write("part7.py", "def lighthouse():\n    return 'lamp'\n")
        running.ask("touched", paths=["part7.py"])
        wait_until(lambda: "part7.py lighthouse" in running.search("lighthouse"))
        running.ask("overlay", path="part8.py", text="def windmill():\n    return 'sail'\n")
        wait_until(lambda: "part8.py windmill" in running.search("windmill"))
        plug.inserted = True
        wait_until(lambda: state(running)["state"] == "ready")
        assert state(running)["files"] == MANY_FILES
        assert said(running) == ""


def test_at_rest_vectors_wait_for_power_and_words_do_not(workspace: Workspace, plug: Plug) -> None:
    write_user_setting("indexer.onBattery", "rest")
    write_files(workspace, FEW_FILES)
    with Running(workspace.root) as running:
        running.hello()
        wait_until(lambda: state(running)["state"] == "ready")
        status = running.ask("status")
        assert (status["files"], status["embedded"]) == (FEW_FILES, 0)
        assert "texts' vectors wait for power" in said(running)
        answer = running.ask("search", query="part7_a", limit=1)
        assert answer["hits"][0]["symbol"]["name"] == "part7_a"
        assert not answer["complete"]
        plug.inserted = True
        wait_until(lambda: running.ask("status")["pending"] == 0)
        wait_until(lambda: running.ask("search", query="part7_a", limit=1)["complete"])
        assert said(running) == ""


@pytest.mark.parametrize("count", [FEW_FILES, MANY_FILES])
def test_what_somebody_waits_for_is_done_on_the_battery(
    workspace: Workspace, plug: Plug, count: int
) -> None:
    write_user_setting("indexer.onBattery", "rest")
    write_files(workspace, count)
    with Running(workspace.root) as running:
        running.hello()
        counters = running.index()
        assert (counters["files"], counters["pending"]) == (count, 0)
        assert running.ask("search", query="part7_a", limit=1)["complete"]
    assert not plug.inserted


@pytest.mark.parametrize("wish", ["wait", "work"])
def test_files_and_vectors_are_made_on_the_battery_unless_asked_otherwise(
    workspace: Workspace, plug: Plug, wish: str
) -> None:
    write_user_setting("indexer.onBattery", wish)
    write_files(workspace, MANY_FILES)
    with Running(workspace.root) as running:
        running.hello()
        wait_until(lambda: state(running)["state"] == "ready")
        status = running.ask("status")
        assert (status["files"], status["pending"]) == (MANY_FILES, 0)
        assert said(running) == ""


def test_the_whole_history_is_read_when_there_is_power(repository: Workspace, plug: Plug) -> None:
    repository.write("area.py", "def area():\n    return 1\n")
    repository.commit("Add areas")

    def read() -> bool:
        with running.snapshot() as snapshot:
            return bool(snapshot.meta("head"))

    with Running(repository.root) as running:
        running.index()
        running.ask("want_history", paths=["area.py"], wait=30)  # somebody looks at this file
        assert not read()
        plug.inserted = True
        wait_until(read)


def test_somebody_who_waits_for_the_history_gets_it(repository: Workspace, plug: Plug) -> None:
    repository.write("area.py", "def area():\n    return 1\n")
    repository.commit("Add areas")
    with Running(repository.root) as running:
        running.index()
        running.ask("want_history", paths=[], wait=30)
        assert not plug.inserted
        with running.snapshot() as snapshot:
            assert snapshot.past() is not None


def test_a_machine_that_cannot_tell_has_power(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("energy_now")

    monkeypatch.setattr(psutil, "sensors_battery", broken, raising=False)
    assert plugged_in()
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert plugged_in()
    monkeypatch.delattr(psutil, "sensors_battery")
    assert plugged_in()
