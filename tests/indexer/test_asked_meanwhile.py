"""Who asks for the status is answered in the midst of long rules, which go on to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.errors import Cancelled
from codearch.indexer import detecting, origins
from codearch.snapshot.versions import Versions
from indexer.stepping import Stepping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from codearch.snapshot import Snapshot
    from conftest import Workspace


@pytest.fixture
def stepping(repository: Workspace) -> Iterator[Stepping]:
    text = "# TODO: ask the second carrier\ndef carry(parcel):\n    return parcel.weight * 3\n"
    repository.write("carrier.py", text)
    repository.commit("Begin")
    stepping = Stepping(repository.root)
    yield stepping
    stepping.shop.close()


class Rules:
    """The rules on the whole workspace, with somebody who comes each time that one begins."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, come: Callable[[], Future[Any]]) -> None:
        self._come, self._run = come, detecting.run_project
        self.begun = self.ended = 0
        self.answers: list[Future[Any]] = []
        monkeypatch.setattr(detecting, "run_project", self._with_company)

    def _with_company(self, rules: Any, snapshot: Snapshot, *more: Any) -> Any:
        self.begun += 1
        if len(self.answers) < 50:
            self.answers.append(self._come())
        snapshot.check_cancelled()
        self.ended += 1
        return self._run(rules, snapshot, *more)


def test_a_window_that_asks_without_end_holds_up_nothing(
    stepping: Stepping, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = stepping.engine
    rules = Rules(monkeypatch, lambda: engine.waiting.ask(engine.status))
    stepping.settle()
    assert rules.begun == rules.ended > 1
    assert {each.result()["state"] for each in rules.answers} == {"indexing"}
    assert engine.state == "ready"


def test_the_history_of_a_file_is_read_to_its_end_as_well(
    stepping: Stepping, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, begun = stepping.engine, []

    class Visited(Versions):
        def __init__(self, root: Any, every: Any, interrupted: Any, **more: Any) -> None:
            begun.append(interrupted)
            if len(begun) < 50:
                engine.waiting.ask(engine.status)
            if interrupted():
                raise Cancelled("given up")
            super().__init__(root, every, interrupted, **more)

    monkeypatch.setattr(origins, "Versions", Visited)
    stepping.settle()
    stepping.read_history()
    assert len(begun) == 1


def test_what_changes_something_is_done_between_two_steps(
    stepping: Stepping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules give way to it, and who asks after it is answered after it."""
    waiting, order = stepping.engine.waiting, []

    def come() -> Future[Any]:
        waiting.run_soon(lambda: order.append("change"))
        return waiting.ask(lambda: order.append("question"))

    rules = Rules(monkeypatch, come)
    stepping.settle()
    assert rules.begun > rules.ended > 1
    assert order == ["change", "question"] * 50
