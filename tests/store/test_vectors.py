"""Vectors by passage: kept, replaced, forgotten, and found by nearness."""

import os

import numpy as np
import pytest

from codearch.errors import StoreError
from codearch.store.vectors import COMMITS_BEFORE_COMPACTION, FLAT_ROWS, Vectors

DIMENSION = 16


def directions(count, seed=1):
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def vectors(tmp_path):
    return Vectors(tmp_path / "vectors", "of_tea", DIMENSION)


def test_the_nearest_come_first_with_their_cosine(vectors):
    rows = directions(50)
    vectors.upsert(range(1, 51), rows)
    found = vectors.search(rows[6], 5)
    cosines = rows @ rows[6]
    assert [number for number, _ in found] == [int(at) + 1 for at in np.argsort(-cosines)[:5]]
    assert found[0] == (7, pytest.approx(1.0, abs=1e-5))
    assert found[1][1] == pytest.approx(np.sort(cosines)[-2], abs=1e-5)


def test_a_search_that_was_begun_is_answered_while_others_are(vectors):
    rows = directions(30)
    vectors.upsert(range(30), rows)
    waiting = [vectors.begin_search(row, 1) for row in rows]
    assert [answer()[0][0] for answer in reversed(waiting)] == list(reversed(range(30)))


def test_what_is_written_again_is_replaced_and_what_is_deleted_is_gone(vectors):
    rows = directions(4)
    vectors.upsert([1, 2, 3], rows[:3])
    vectors.upsert([2], rows[3:])
    vectors.delete([3])
    assert len(vectors) == 2
    assert sorted(vectors.ids()) == [1, 2]
    kept = vectors.get([1, 2, 3])
    assert sorted(kept) == [1, 2]
    assert kept[2] == pytest.approx(rows[3])
    assert vectors.search(rows[3], 1)[0][0] == 2


@pytest.mark.filterwarnings("ignore:optimize")
def test_versions_go_once_nobody_can_be_reading_them(vectors, monkeypatch):
    monkeypatch.setattr("codearch.store.vectors._READERS_SECONDS", 0.0)
    rows = directions(10)
    for number in range(COMMITS_BEFORE_COMPACTION):  # as edits come, one at a time
        vectors.upsert([number % 10], rows[number % 10 : number % 10 + 1])
    assert vectors.wants_compaction
    vectors.compact()
    assert vectors.clean()
    assert not vectors.wants_compaction
    assert not vectors.wants_cleaning
    assert len(list(vectors.folder.rglob("_versions/*.manifest"))) <= 3
    assert len(vectors) == 10


def test_an_index_over_many_finds_nearly_the_same(vectors):
    rows = directions(FLAT_ROWS + 500)
    vectors.upsert(range(len(rows)), rows)
    assert vectors.wants_index
    vectors.compact()
    assert not vectors.wants_index
    asked = directions(20, seed=2)
    same = 0
    for query in asked:
        true = set(np.argsort(-(rows @ query))[:20].tolist())
        found = vectors.search(query, 20)
        same += len(true & {number for number, _ in found})
        assert all(cosine == pytest.approx(rows[at] @ query, abs=1e-4) for at, cosine in found)
    assert same / 400 > 0.9


def test_they_are_there_when_the_folder_is_opened_again(vectors):
    rows = directions(3)
    vectors.upsert([1, 2, 3], rows)
    again = Vectors(vectors.folder, "of_tea", DIMENSION)
    assert again.search(rows[1], 1)[0][0] == 2


def test_half_precision_finds_the_same_in_half_the_room(tmp_path):
    rows, sizes = directions(3_000), {}
    for stored in ("float32", "float16"):
        kept = Vectors(tmp_path / stored, "of_tea", DIMENSION, stored=stored)
        kept.upsert(range(len(rows)), rows)
        sizes[stored] = sum(path.stat().st_size for path in kept.folder.rglob("*.lance"))
        for query in directions(20, seed=2):
            found = kept.search(query, 10)
            cosines = [float(rows[number] @ query) for number, _ in found]
            assert cosines == pytest.approx(np.sort(rows @ query)[-10:][::-1], abs=1e-3)
            assert [score for _, score in found] == pytest.approx(cosines, abs=1e-3)
    assert kept.get([7])[7].dtype == np.float32
    assert kept.get([7])[7] == pytest.approx(rows[7], abs=1e-3)
    numbers = len(rows) * DIMENSION
    assert sizes["float32"] - sizes["float16"] == pytest.approx(2 * numbers, rel=0.05)


def test_vectors_that_are_there_are_rounded_and_none_is_lost(vectors):
    rows = directions(30)
    vectors.upsert(range(30), rows)
    half = Vectors(vectors.folder, "of_tea", DIMENSION, stored="float16")
    kept = half.get(range(30))
    assert all(np.array_equal(kept[at], rows[at].astype(np.float16)) for at in range(30))
    half.upsert([30], rows[:1])
    assert half.search(rows[0], 2)[0][1] == pytest.approx(1, abs=1e-3)
    assert half.wants_cleaning, "what was replaced takes room"
    assert not half.clean(), "a search may be reading it"
    (marker,) = vectors.folder.glob("*.replaced")
    os.utime(marker, (0, 0))
    later = Vectors(vectors.folder, "of_tea", DIMENSION, stored="float16")
    assert later.clean(), "nobody reads it any more"
    assert not later.wants_cleaning
    assert not Vectors(vectors.folder, "of_tea", DIMENSION, stored="float16").wants_cleaning


def test_what_was_rounded_is_not_taken_for_exact(vectors):
    half = Vectors(vectors.folder, "of_coffee", DIMENSION, stored="float16")
    half.upsert([1, 2], directions(2))
    exact = Vectors(vectors.folder, "of_coffee", DIMENSION)
    assert len(exact) == 0
    exact.upsert([2], directions(2)[1:])
    assert exact.ids().tolist() == [2]
    assert np.array_equal(exact.get([2])[2], directions(2)[1])


def test_many_that_are_rounded_want_their_index_again(vectors):
    rows = directions(FLAT_ROWS + 100)
    vectors.upsert(range(len(rows)), rows)
    vectors.compact()
    half = Vectors(vectors.folder, "of_tea", DIMENSION, stored="float16")
    assert half.wants_index
    half.compact()
    found = half.search(rows[5], 3)
    assert found[0] == (5, pytest.approx(1, abs=1e-3))


def test_a_failure_is_told_in_a_sentence(vectors):
    with pytest.raises(StoreError, match="cannot be used"):
        vectors.search(np.zeros(DIMENSION + 1, np.float32), 5)
