"""Which files a search for an exact phrase reads: those that hold its words, and no others."""

from __future__ import annotations

import random

import pytest
from search_store import Index

from codearch.snapshot import Snapshot

FILES = {
    "kettle.py": '''"""Kettles, and how they whistle."""
import time


class KettleOfTin:
    """Holds water. Préchauffée."""

    def boil_water(self, degrees=100):
        # Not before the lid is on: see http://tea.example/lids?x=1
        while self.heatUp() < degrees:
            time.sleep(0.25)
        return "it's hot!\\n"
''',
    "cup.py": '''from kettle import KettleOfTin


def pour_tea(cups, strength=3):
    """Pour tea into cups.

    @param cups: how many
    """
    kettle = KettleOfTin()
    return [kettle.boil_water(90 + strength) for _ in range(cups)]  # boil, then pour
''',
    "stove.py": "def turn_on(stove, level):\n    stove.level = level\n    return not stove.cold\n",
}


@pytest.fixture
def index(tmp_path):
    index = Index(tmp_path)
    index.write(FILES)
    return index


@pytest.fixture
def read(monkeypatch):
    """The files whose text is looked at."""
    paths = []
    source = Snapshot.source

    def noting(self, path):
        paths.append(path)
        return source(self, path)

    monkeypatch.setattr(Snapshot, "source", noting)
    return paths


def found(index, phrase):
    return {hit.symbol.path for hit in index.found(f'"{phrase}"')}


@pytest.mark.parametrize(
    ("phrase", "paths"),
    [
        ("boil_water(", {"kettle.py", "cup.py"}),
        ("oil_wat", {"kettle.py", "cup.py"}),  # a part of a name
        ("ettleofti", {"kettle.py", "cup.py"}),
        ("lids?x=1", {"kettle.py"}),
        ("not before the lid", {"kettle.py"}),
        ("into cups.", {"cup.py"}),
        ("@param cups: how", {"cup.py"}),
        ("t's ho", {"kettle.py"}),
        ("échauffé", {"kettle.py"}),
        ("_water(90 + str", {"cup.py"}),
        ("] = ", set()),
        (" = ", {"cup.py", "stove.py"}),
    ],
)
def test_phrases_are_found_where_they_stand(index, phrase, paths):
    assert found(index, phrase) == paths


def test_a_word_that_is_nowhere_reads_nothing(index, read):
    assert found(index, "boil_coffee(") == set()
    assert found(index, "the samovar is on") == set()
    assert read == []


def test_files_without_the_words_are_not_read(index, read):
    assert found(index, "pour the water level") == set()
    assert found(index, "stove.level =") == {"stove.py"}
    assert set(read) == {"stove.py"}


def test_any_part_of_any_line_is_found(index):
    chance = random.Random(7)
    for _ in range(150):
        path = chance.choice(sorted(FILES))
        line = chance.choice([one for one in FILES[path].splitlines() if len(one) > 5])
        start = chance.randrange(len(line) - 4)
        phrase = line[start : start + chance.randint(3, 25)]
        if '"' in phrase or "param" in line or not phrase.strip():
            continue
        holding = {one for one, text in FILES.items() if phrase.lower() in text.lower()}
        assert found(index, phrase) == holding, phrase
