"""Indexes are removed while others start, are killed or do the same: none is ever broken."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest
from kept_indexes import cache, indexed, listed, project, template

from codearch.indexer import launch
from codearch.indexer.client import Client
from codearch.indexer.holding import claim, hold
from codearch.indexer.kept import contents, measured
from codearch.indexer.protocol import LOCK_NAME, START_LOCK_NAME
from codearch.indexer.upkeep import delete, keep_within, set_aside, sweep
from codearch.settings import cache_home, claimed_cache, root_cache
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["cache", "indexed", "template"]  # fixtures

ROUNDS = 6
PROCESSES = multiprocessing.get_context("spawn")


def evict_without_end(home: Path, count: Any) -> None:
    """Remove every index that nobody works on, again and again, in a process of its own."""
    while True:
        for one in contents(home).indexes:
            try:
                aside = set_aside(one)
            except FileNotFoundError:
                continue
            if aside is not None:
                delete(aside)
                count.value += 1


def keep_to(home: Path, budget: int, start: Any, said: Any) -> None:
    """Keep within a budget, at the same moment as another process."""
    start.wait()
    trimmed = keep_within(home, budget, [], set_aside, 30)
    said.put([] if trimmed is None else [one.root for one in trimmed.removed])


def die_while_deleting(folder: Path) -> None:
    """Remove an index, and be killed after the third file."""
    kept = measured(folder)
    assert kept is not None
    aside = set_aside(kept)
    assert aside is not None
    left = iter(range(2))

    def gone() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    delete(aside, gone)


@pytest.mark.parametrize("evictors", [1, 2])
def test_who_starts_while_an_index_is_removed_gets_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evictors: int
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0")
    root = tmp_path / "shop"
    root.mkdir()
    project(root)
    count = PROCESSES.Value("i", 0)
    home = cache_home()
    workers = [
        PROCESSES.Process(target=evict_without_end, args=(home, count), daemon=True)
        for _ in range(evictors)
    ]
    for worker in workers:
        worker.start()
    try:
        for _ in range(ROUNDS):
            before = count.value
            with Client(root) as client:
                client.call("flush")
                status = client.call("status")
                found = client.call("search", {"query": "value added", "limit": 1})
                assert found["hits"][0]["symbol"]["name"] == "value_added"
                assert (status["health"], status["pending"]) == ("ok", 0)
                assert not any("rebuilt" in one["message"] for one in status["problems"])
                assert status["store"]["path"] == str(root_cache(root))
                assert (root_cache(root) / "root.txt").read_text() == f"{root}\n"
                assert root_cache(root).stat().st_mode & 0o077 == 0
            wait_until(lambda before=before: count.value > before)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    sweep(home)
    assert not list(home.glob(".removed-*"))


def test_several_clients_at_once_share_the_fresh_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indexed: Callable
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "1")
    root = indexed("shop")
    count = PROCESSES.Value("i", 0)
    worker = PROCESSES.Process(target=evict_without_end, args=(cache_home(), count), daemon=True)
    names: list[str] = []
    pids: set[int] = set()
    everybody = threading.Barrier(3)

    def search() -> None:
        with Client(root) as client:
            client.call("flush")
            found = client.call("search", {"query": "value added", "limit": 1})
            names.append(found["hits"][0]["symbol"]["name"])
            everybody.wait(60)  # all are there
            endpoint = launch.read_endpoint(root_cache(root))
            assert endpoint is not None
            pids.add(endpoint.pid)
            everybody.wait(60)

    worker.start()
    try:
        clients = [threading.Thread(target=search) for _ in range(3)]
        for client in clients:
            client.start()
        for client in clients:
            client.join(90)
    finally:
        worker.kill()
        worker.join()
    assert names == ["value_added"] * 3
    assert len(pids) == 1


def test_who_waits_for_the_lock_of_a_moved_folder_gets_that_of_the_new_one(
    indexed: Callable,
) -> None:
    root = indexed("shop")
    folder = root_cache(root)
    held = hold(folder, START_LOCK_NAME)
    assert held is not None
    got: list[tuple[Path, Any]] = []
    waiting = threading.Thread(target=lambda: got.append(claim(root, START_LOCK_NAME, 60)))
    waiting.start()
    shutil.move(folder, folder.parent / ".removed-by-hand")
    held.release()
    waiting.join(60)
    ((where, lock),) = got
    assert (where, lock is not None) == (folder, True)
    assert (folder / "root.txt").exists(), "it is a claimed folder, not one that a lock has made"
    assert folder.stat().st_mode & 0o077 == 0
    assert hold(folder, START_LOCK_NAME) is None
    lock.release()


@pytest.mark.parametrize("name", [START_LOCK_NAME, LOCK_NAME])
def test_an_index_whose_lock_is_held_is_not_moved(indexed: Callable, name: str) -> None:
    kept = measured(root_cache(indexed("shop")))
    assert kept is not None
    held = hold(kept.folder, name)
    assert held is not None
    assert set_aside(kept) is None
    held.release()
    aside = set_aside(kept)
    assert aside is not None
    with pytest.raises(FileNotFoundError):
        set_aside(kept)
    assert delete(aside)


def test_two_that_keep_to_a_budget_remove_no_more_than_one_would(indexed: Callable) -> None:
    roots = [indexed(f"shop{number}") for number in range(4)]
    found = contents(cache_home())
    budget = found.bytes - 1  # one of them is too many
    for _ in range(3):
        start, said = PROCESSES.Event(), PROCESSES.Queue()
        workers = [
            PROCESSES.Process(target=keep_to, args=(found.home, budget, start, said))
            for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        start.set()
        removed = [said.get(timeout=60), said.get(timeout=60)]
        for worker in workers:
            worker.join(60)
        assert sorted(map(len, removed)) == [0, 1], "the other one found it done"
        budget = contents(found.home).bytes - 1
    assert len([root for root in roots if root_cache(root).exists()]) == 1


def test_killed_while_it_deletes_it_leaves_no_half_index(
    codearch: Callable, indexed: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0")
    root, other = indexed("shop"), indexed("other")
    for number in range(20):
        (root_cache(root) / f"part{number}").touch()
    worker = PROCESSES.Process(target=die_while_deleting, args=(root_cache(root),))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    assert set(listed(codearch)) == {str(other)}
    (leftover,) = cache_home().glob(".removed-*")
    assert list(leftover.iterdir())
    with Client(root) as client:
        counters = client.call("index")
        assert counters["parsed"] == counters["files"] > 0
        assert client.call("status")["health"] == "ok"
        wait_until(lambda: not leftover.exists())


def test_a_lock_file_alone_is_no_index(indexed: Callable) -> None:
    root = indexed("shop")
    folder = root_cache(root)
    (folder / "root.txt").unlink()
    assert measured(folder) is None
    assert contents(cache_home()).unknown == (folder,)
    assert claimed_cache(root) == folder
    assert measured(folder) is not None
