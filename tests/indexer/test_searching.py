"""Searches by words and vectors at once, as the indexer answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.test_costs import shop

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running


@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
@pytest.mark.parametrize("query", ["zzqxv blorptang", "日本語", "…"])
def test_a_question_of_words_that_nothing_knows_finds_nothing(
    workspace: Workspace, indexer: Running, query: str, mode: str
) -> None:
    shop(workspace)
    workspace.write("empty.py", "")
    indexer.index()
    assert indexer.search(query, mode=mode) == []


def test_words_and_vectors_answer_many_sessions_at_once(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    indexer.index()
    expected = {query: indexer.search(query) for query in ("area of a circle", "shapes", "price")}
    assert any(expected.values())
    for session in (2, 3, 4):
        indexer.hello(session)
        assert {query: indexer.search(query, session) for query in expected} == expected
