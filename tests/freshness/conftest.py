"""A repository with an indexer process at work, in surroundings of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from freshness.following import Following

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace


@pytest.fixture(autouse=True)
def surroundings(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, and indexers that leave soon after their last client."""
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")


@pytest.fixture
def project(repository: Workspace) -> Workspace:
    """Two branches of a small project, the second with files changed, added, moved and deleted."""
    for name in ("user.name", "user.email"):
        repository.git("config", name, "ada@example.org")
    for number in range(20):
        repository.write(f"pkg{number % 4}/m{number}.py", module(number))
    repository.commit("first")
    repository.git("checkout", "-q", "-b", "side")
    for number in range(0, 20, 3):
        repository.write(f"pkg{number % 4}/m{number}.py", module(number, "side"))
    repository.write("extra/deep/new.py", module(99))
    repository.git("mv", "pkg1/m1.py", "extra/moved.py")
    repository.git("rm", "-q", "pkg2/m2.py")
    repository.commit("on the side")
    repository.git("checkout", "-q", "main")
    return repository


@pytest.fixture
def following(project: Workspace) -> Iterator[Following]:
    """The project, indexed."""
    with Following(project.root) as following:
        following.client.call("flush")
        following.settle()
        yield following


def module(number: int, mark: str = "main") -> str:
    """Return a source of two functions."""
    return (
        f"def work_{number}(order):\n"
        f'    """Return the {mark} price of an order with number {number}."""\n'
        f"    return order.price * {number} + len({mark!r})\n\n\n"
        f"def check_{number}(order):\n"
        f"    return work_{number}(order) > {number}\n"
    )
