"""While git changes many files, they are told once, when it has ended."""

from __future__ import annotations

import os
import threading
import time

import pytest
from watching import DEADLINE_S, QUICK, watched


def check_out(repository, told, count):
    """Write files as git does, under its lock, and wait until all have been told of."""
    delayed = threading.Event()
    told.watcher.on_delay = delayed.set
    lock = repository.write(".git/index.lock")
    for number in range(count):
        repository.write(f"pkg/f{number}.py", "1\n")
    assert delayed.wait(DEADLINE_S)
    assert not told.paths
    lock.unlink()
    told.until(lambda: len([path for path in told.paths if path.startswith("pkg/f")]) == count)


def test_many_files_under_the_lock_are_told_together(repository):
    repository.write("a.py", "1\n")
    repository.commit("first")
    with watched(repository.root, pace=QUICK._replace(quiet_ms=300, longest_ms=5000)) as told:
        check_out(repository, told, 200)
        assert len([batch for batch in told.batches if len(batch.paths) > 64]) == 1


def test_what_git_moves_is_told_together(repository):
    """Told apart, it would be a file that goes and another that comes."""
    old = repository.write("old.py", "1\n")
    repository.commit("first")
    with watched(repository.root) as told:
        delayed = threading.Event()
        told.watcher.on_delay = delayed.set
        lock = repository.write(".git/index.lock")
        old.unlink()
        assert delayed.wait(DEADLINE_S)
        repository.write("new.py", "1\n")
        assert not told.paths
        lock.unlink()
        told.until(lambda: bool(told.paths))
        assert told.batches[0].paths >= {"old.py", "new.py"}


def test_few_files_are_told_at_once(repository):
    with watched(repository.root) as told:
        repository.write(".git/index.lock")
        repository.write("a.py", "1\n")
        assert "a.py" in told.everything()


def test_a_lock_that_was_left_behind_is_passed_over(repository):
    lock = repository.write(".git/index.lock")
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    with watched(repository.root) as told:
        for number in range(200):
            repository.write(f"pkg/f{number}.py", "1\n")
        told.until(lambda: len([path for path in told.paths if path.startswith("pkg/f")]) == 200)


@pytest.mark.parametrize("seconds", [-86_400, 86_400])
def test_a_clock_other_than_the_file_systems_parts_no_checkout(repository, monkeypatch, seconds):
    """Files that git moves are one change, whatever our clock says of its lock's age."""
    real = time.time
    with watched(repository.root, pace=QUICK._replace(quiet_ms=300, longest_ms=5000)) as told:
        monkeypatch.setattr(time, "time", lambda: real() + seconds)
        check_out(repository, told, 100)
