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


GATE = 'def open_harbour_gate_{0}(tide):\n    """Open the harbour gate {0}."""\n    return tide + {0}\n\n\n'
KEPT = '''def raise_drawbridge(boat):
    """Let a boat through the gate of the harbour."""
    return boat.pass_through()
'''


def test_what_has_gone_takes_no_place_among_the_nearest(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    workspace.write("kept.py", KEPT)
    indexer.index()
    expected = indexer.search("open the harbour gate", mode="semantic")
    workspace.write("many.py", "".join(GATE.format(number) for number in range(400)))
    indexer.index()
    (workspace.root / "many.py").unlink()
    indexer.index()
    assert indexer.search("open the harbour gate", mode="semantic") == expected
    assert "kept.py raise_drawbridge" in expected


def test_a_word_that_has_gone_is_unknown_again(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    expected = indexer.search("circumfernce", mode="lexical")
    workspace.write("slip.py", "def circumfernce(radius):\n    return radius\n")
    indexer.index()
    assert indexer.search("circumfernce", mode="lexical")[0] == "slip.py circumfernce"
    (workspace.root / "slip.py").unlink()
    indexer.index()
    assert indexer.search("circumfernce", mode="lexical") == expected
    assert expected
