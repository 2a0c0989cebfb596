"""Vectors are stored in half the room when the user asks for it, and in full again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.settings.writing import write_user_setting
from indexer.running import Running

if TYPE_CHECKING:
    from conftest import Workspace

SOURCE = "".join(
    f'def {verb}_{thing}(path):\n    """Work on the {thing}s of a shop."""\n    return {thing}\n\n'
    for verb in ("load", "save", "count", "sort", "merge")
    for thing in ("order", "price", "customer", "invoice")
)
QUESTIONS = ("read what was ordered", "put prices in order", "how many customers")


def answers(running: Running) -> list[list[str]]:
    return [running.search(question, mode="semantic") for question in QUESTIONS]


def stored(running: Running) -> str:
    answering = running.shop.embedder.answering
    assert answering is not None
    return answering.vectors.stored


@pytest.mark.parametrize("wanted", ["float16", "float32"])
def test_answers_stay_the_same(workspace: Workspace, wanted: str) -> None:
    workspace.write("shop.py", SOURCE)
    write_user_setting("model.storedAs", "float32" if wanted == "float16" else "float16")
    with Running(workspace.root) as running:
        running.index()
        before = answers(running)
        write_user_setting("model.storedAs", wanted)
        while stored(running) != wanted:
            assert running.ask("status")["state"] != "paused"
        assert running.index()["pending"] == 0
        assert answers(running) == before
    with Running(workspace.root) as running:
        assert running.index()["embedded"] == 0
        assert stored(running) == wanted


def test_nothing_is_busy_until_replaced_vectors_may_go(workspace: Workspace) -> None:
    workspace.write("shop.py", SOURCE)
    with Running(workspace.root) as running:
        running.index()
        embedder = running.shop.embedder
        assert embedder.answering is not None
        running.engine.waiting.run_soon(embedder.answering.vectors.compact).result(30)
        assert embedder.answering.vectors.wants_cleaning
        assert not running.engine.waiting.run_soon(embedder.maintain).result(30)
        assert not running.engine.waiting.run_soon(embedder.clean).result(30)
