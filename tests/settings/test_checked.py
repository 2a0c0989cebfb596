"""Values from outside: each sentence names the field and what it must be."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from codearch.checked import checked
from codearch.errors import UsageError


class Place(msgspec.Struct, rename="camel"):
    line: Annotated[int, Meta(ge=0)]


class Question(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    query: Annotated[str, Meta(min_length=1)]
    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    mode: Literal["fast", "exact"] = "fast"
    only_names: bool = False
    position: Place | None = None
    paths: list[str] = []


@pytest.mark.parametrize(
    ("value", "field", "sentence"),
    [
        ({}, "query", "`query` is missing: it must be a text that is not empty."),
        ({"query": ""}, "query", '`query` must be a text that is not empty, not "".'),
        ({"query": 5}, "query", "not 5"),
        ({"query": "a", "limit": 500}, "limit", "a whole number from 1 to 100, not 500"),
        ({"query": "a", "mode": "slow"}, "mode", 'one of exact, fast, not "slow"'),
        ({"query": "a", "onlyNames": "yes"}, "onlyNames", "true or false"),
        ({"query": "a", "only_names": True}, "only_names", 'Did you mean "onlyNames"?'),
        ({"query": "a", "position": {"line": -1}}, "position.line", "of at least 0, not -1"),
        ({"query": "a", "position": {}}, "position.line", "`position.line` is missing"),
        ({"query": "a", "paths": ["x", 2]}, "paths[1]", "`paths[1]` must be a text, not 2"),
        ([], "", "The argument must be an object, not []."),
        ("query", "", "The argument must be an object"),
    ],
)
def test_sentences(value: object, field: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked(value, Question)
    assert caught.value.field == field
    assert sentence in str(caught.value)


def test_a_long_value_is_cut() -> None:
    with pytest.raises(UsageError) as caught:
        checked({"query": "a", "limit": "x" * 5000}, Question)
    assert len(str(caught.value)) < 200


def test_what_fits_is_given() -> None:
    question = checked({"query": "a", "position": {"line": 3}, "paths": ["b"]}, Question)
    assert (question.query, question.position, question.paths) == ("a", Place(3), ["b"])
