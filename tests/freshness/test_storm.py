"""A checkout of 2,000 files: few commits, nothing embedded twice, and no word of `ready` too soon."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from freshness.conftest import module
from freshness.following import LAG_SECONDS, Following, differences

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

FILES = 2000
MOST_COMMITS = 20


@pytest.fixture
def large(repository: Workspace) -> Workspace:
    """Two branches of 2,000 small files, each of which differs."""
    for branch in ("main", "side"):
        for number in range(FILES):
            name, mark = f"pkg{number % 50}/m{number}.py", f"{branch} {number % 40}"
            repository.write(
                name, f'def work_{number}():\n    """Of {mark}."""\n    return {mark!r}\n'
            )
        repository.write(f"{branch}.py", module(7, branch))
        repository.commit(branch)
        if branch == "main":
            repository.git("checkout", "-q", "-b", "side")
    repository.git("checkout", "-q", "main")
    return repository


def lies(following: Following, branch: str) -> list[set[str]]:
    """Check a branch out and return what was stale whenever `ready` was said, until it was true."""
    found = []
    changing = subprocess.Popen(["git", "checkout", "-q", branch], cwd=following.root)
    while changing.poll() is None:
        before = time.time() - LAG_SECONDS
        if following.status()["state"] == "ready":
            wrong = differences(following.root)
            found.append({path for path in wrong if _older(following.root / path, before)})
    assert changing.returncode == 0
    return [each for each in found if each]


def _older(file: Path, moment: float) -> bool:
    try:
        return file.stat().st_ctime < moment
    except OSError:
        return False


@pytest.mark.timeout(300)
def test_checkout_of_2000_files(large: Workspace) -> None:
    """There and back: what is known by then is not embedded again."""
    with Following(large.root) as following:
        assert following.embedded() > 0
        for branch, most_embedded in (("side", 2 * FILES), ("main", 0)):
            before = following.status()
            following.states.clear()
            assert lies(following, branch) == []
            after = following.settle()
            assert "indexing" in following.states
            assert after["generation"] - before["generation"] <= MOST_COMMITS
            assert after["filesRead"] - before["filesRead"] <= 2 * FILES
            assert following.embedded() <= most_embedded
