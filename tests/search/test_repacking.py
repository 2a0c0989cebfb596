"""Contents packed again at leisure: smaller, and the same to everybody who reads them."""

from __future__ import annotations

import pytest
from search_store import Index

from codearch.errors import UnusableStoreError
from codearch.index import repacking
from codearch.index.repacking import _LOOSE, FEWEST, MOST_BYTES, Repacker
from codearch.store.database import FILE_NAME, connect_writer

WORDS = ("amber", "basalt", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty")
POT = '''"""Pots of {0}."""

from kitchen.stove import Stove


class {1}Pot:
    """Boils {0} until it whistles."""

    def boil(self, degrees: int = {2}) -> bool:
        """Heat the {0} on a stove."""
        while self.heat() < degrees:  # the {0} is cold
            Stove.turn_on(self, "{0}")
        return True
'''


def pots(count, first=0):
    """Return so many files, each with other names, all much alike."""
    files = {}
    for number in range(first, first + count):
        word = WORDS[number % 10] + WORDS[number // 10 % 10] + str(number)
        files[f"kitchen/{word}.py"] = POT.format(word, word.title(), number)
    return files


@pytest.fixture
def kitchen(tmp_path):
    index = Index(tmp_path)
    index.write(pots(FEWEST))
    return index


@pytest.fixture
def connection(kitchen):
    connection = connect_writer(kitchen.folder / FILE_NAME)
    yield connection
    connection.close()


def repack(connection):
    """Pack what is to be packed; return how many steps that took."""
    repacker = Repacker(connection)
    steps = 0
    while repacker.step():
        steps += 1
    return steps


def size(connection):
    """Return the bytes of all contents."""
    columns = ("source", "facts", "outline", "words")
    lengths = " + ".join(f"length({column})" for column in columns)
    tables = "contents JOIN sources s ON s.content = id JOIN parsed p ON p.content = id"
    return connection.execute(f"SELECT sum({lengths}) FROM {tables}").fetchone()[0]


def packings(connection):
    """Return how many contents each set of dictionaries packs."""
    query = "SELECT packing, count(*) FROM contents GROUP BY packing ORDER BY packing"
    return connection.execute(query).fetchall()


def read(index):
    """Return what a reader sees of each file, and what a search for some words finds."""
    with index.snapshot() as snapshot:
        seen = [
            (file.path, snapshot.source(file.path), snapshot.facts(file.path))
            for file in snapshot.files()
        ]
    return seen, index.names("heat the emberfjord54"), index.names("cold jettyjetty99")


def afresh(index):
    """Return the same store as a process that begins now reads it."""
    again = Index(index.folder)
    again.readers.clear()
    return again


def test_repacked_contents_are_smaller_and_the_same(kitchen, connection):
    before, large = read(kitchen), size(connection)
    assert repack(connection) > FEWEST / 50
    assert size(connection) < large * 0.6
    assert read(afresh(kitchen)) == before
    assert packings(connection) == [(1, FEWEST)]
    assert repack(connection) == 0


def test_every_step_leaves_all_readable_and_any_may_be_the_last(kitchen, connection):
    before = read(kitchen)
    steps = 0
    while steps < 100:
        repacker = Repacker(connection)  # begins anew, as after a kill
        done = [repacker.step() for _ in range(len(MOST_BYTES) + 1)]
        if not any(done):
            break
        steps += 1
        assert read(afresh(kitchen)) == before
    left = dict(packings(connection))
    assert left.pop(1) >= FEWEST - _LOOSE  # a few wait for more, as after edits
    assert left.keys() <= {0}


def test_a_few_edits_wait_for_more(kitchen, connection):
    repack(connection)
    kitchen.write(pots(20, FEWEST))
    assert repack(connection) == 0
    kitchen.write(pots(80, FEWEST + 20))
    assert repack(connection) > 0
    assert packings(connection) == [(1, FEWEST + 100)]


def test_a_store_that_has_grown_gets_other_dictionaries(kitchen, connection, monkeypatch):
    monkeypatch.setattr(repacking, "_GROWN", 2)
    repack(connection)
    (first,) = connection.execute("SELECT min(id) FROM dictionaries").fetchone()
    kitchen.write(pots(FEWEST, FEWEST))
    before = read(kitchen)
    repack(connection)
    assert packings(connection) == [(2, 2 * FEWEST)]
    rows = connection.execute("SELECT id, packing FROM dictionaries").fetchall()
    assert len(rows) == len(MOST_BYTES)
    assert {packing for _, packing in rows} == {2}
    assert first not in {number for number, _ in rows}
    assert read(afresh(kitchen)) == before


def test_few_contents_are_left_as_they_are(tmp_path):
    index = Index(tmp_path)
    index.write(pots(FEWEST - 1))
    connection = connect_writer(index.folder / FILE_NAME)
    assert repack(connection) == 0
    connection.close()


def test_contents_without_anything_in_common_stay_readable(tmp_path):
    index = Index(tmp_path)
    index.write({f"{number}.py": "" if number % 2 else f"#{number}" for number in range(500)})
    index.write({f"x{number}.py": f"#{number}" for number in range(500)})
    connection = connect_writer(index.folder / FILE_NAME)
    before = read(index)
    repack(connection)
    assert repack(connection) == 0
    assert read(afresh(index)) == before
    connection.close()


def test_a_lost_dictionary_asks_for_a_rebuild(kitchen, connection, monkeypatch):
    repack(connection)
    connection.execute("DELETE FROM dictionaries")
    monkeypatch.setattr("codearch.index.compression._readers", type(kitchen.readers)())
    with (
        pytest.raises(UnusableStoreError, match="cannot be read"),
        afresh(kitchen).snapshot() as snapshot,
    ):
        snapshot.facts("kitchen/amberamber0.py")
