"""What was searched for: how much of it is kept, and who may read it."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from codearch.server.searches import LONGEST, MOST, Searches
from codearch.settings import root_searches

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def searches(tmp_path: Path) -> Searches:
    return Searches(tmp_path / "shop", tmp_path / "state" / "searches" / "shop.json")


def test_the_latest_comes_first_each_once_and_no_more_than_some(searches: Searches) -> None:
    for number in range(MOST + 5):
        searches.remember(f"query {number}")
    latest = searches.remember(" query 20 ")
    assert latest == searches.latest()
    assert latest[:2] == ["query 20", f"query {MOST + 4}"]
    assert len(latest) == len(set(latest)) == MOST


@pytest.mark.parametrize("query", ["", "  ", "x" * (LONGEST + 1)])
def test_nothing_and_pasted_texts_are_not_kept(searches: Searches, query: str) -> None:
    searches.remember("gross price")
    assert searches.remember(query) == searches.latest() == ["gross price"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders of the user are private there")
def test_nobody_else_may_read_them_and_no_half_written_file_stays(
    searches: Searches, tmp_path: Path
) -> None:
    searches.remember("gross price")
    folder = tmp_path / "state" / "searches"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in folder.iterdir()] == ["shop.json"]
    assert (folder / "shop.json").stat().st_mode & 0o777 == 0o600
    assert searches.forget() == []
    assert list(folder.iterdir()) == []
    assert searches.forget() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"searches": ["theirs"]}',
        '{"root": "/elsewhere", "searches": ["theirs"]}',
        '{"root": "ROOT", "searches": "theirs"}',
        '{"root": "ROOT", "searches": [1, null, ""]}',
        '{"root": "ROOT", "searches": ["' + "x" * (1 << 20) + '"]}',
    ],
    ids=range(8),
)
def test_a_file_that_is_not_ours_is_nothing_and_is_written_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "shop.json"
    file.write_text(text.replace("ROOT", str(tmp_path).replace("\\", "\\\\")), "utf-8")
    searches = Searches(tmp_path, file)
    assert searches.latest() == []
    assert searches.remember("ours") == searches.latest() == ["ours"]


def test_more_than_is_kept_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    many = [f"query {number}" for number in range(MOST + 1)]
    file.write_text(json.dumps({"root": str(tmp_path), "searches": many}), "utf-8")
    assert Searches(tmp_path, file).latest() == many[:MOST]


def test_where_nothing_can_be_written_the_page_knows_it_still_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("no folder", "utf-8")
    searches = Searches(tmp_path, tmp_path / "state" / "shop.json")
    with caplog.at_level(logging.WARNING):
        assert searches.remember("gross price") == ["gross price"]
    assert "cannot be written" in caplog.text
    assert searches.latest() == []


def test_each_root_has_a_file_of_its_own(tmp_path: Path) -> None:
    one, other = (tmp_path / name / "shop" for name in ("a", "b"))
    assert root_searches(one) != root_searches(other)
    assert root_searches(one) == root_searches(tmp_path / "a" / ".." / "a" / "shop")
    assert root_searches(one).name.startswith("shop-")
