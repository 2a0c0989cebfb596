"""Who waits for findings alone gets them before anything is embedded; vectors follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.commands._indexer import EVERYTHING, FINDINGS
from indexer.stepping import Stepping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

NOTED = """\
# TODO: ask the second carrier
def carry(parcel):
    return parcel.weight * 3
"""
NOTE = "TODO: ask the second carrier"
TOLD = f"{NOTE}; left by Nils Abara on 2023-11-14"


@pytest.fixture
def stepping(repository: Workspace) -> Iterator[Stepping]:
    repository.write("carrier.py", NOTED)
    repository.commit("Begin", author="Nils Abara", time=1_700_000_000)
    stepping = Stepping(repository.root)
    yield stepping
    stepping.shop.close()


def test_findings_are_there_and_nothing_is_embedded(stepping: Stepping) -> None:
    stepping.settle(FINDINGS)
    assert stepping.notes("carrier.py") == [NOTE]
    assert stepping.shop.embedder.waiting() > 0
    assert stepping.engine.state == "indexing"
    assert stepping.engine.status()["progress"] is None, "nobody waits for what is left"
    assert not stepping.engine.whole


def test_what_history_says_of_them_comes_before_vectors_too(stepping: Stepping) -> None:
    stepping.settle(FINDINGS)
    stepping.read_history()
    stepping.settle(FINDINGS)
    assert stepping.notes("carrier.py") == [TOLD]
    assert stepping.shop.embedder.waiting() > 0


def test_vectors_follow_when_nobody_waits(stepping: Stepping) -> None:
    stepping.settle(FINDINGS)
    stepping.until(lambda: stepping.engine.state == "ready")
    assert stepping.shop.embedder.waiting() == 0
    assert stepping.engine.whole


@pytest.mark.parametrize("steps", [(), EVERYTHING])
def test_who_waits_for_everything_is_not_answered_sooner(
    stepping: Stepping, steps: tuple[str, ...]
) -> None:
    findings = stepping.engine.waiting.flush(FINDINGS)
    stepping.settle(steps)
    assert findings.done()
    assert stepping.shop.embedder.waiting() == 0


def test_an_edit_is_in_the_findings_that_are_waited_for(
    stepping: Stepping, repository: Workspace
) -> None:
    stepping.settle(FINDINGS)
    repository.write("carrier.py", NOTED.replace("second", "third"))
    stepping.settle(FINDINGS)
    assert stepping.notes("carrier.py") == [NOTE.replace("second", "third")]
