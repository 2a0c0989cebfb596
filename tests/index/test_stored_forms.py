"""What is stored of a content comes back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from codearch import languages
from codearch.errors import UnusableStoreError
from codearch.facts import Passage
from codearch.index import terms
from codearch.index.contents import pack_source, unpack_source
from codearch.index.numbering import read_words, write_words
from codearch.index.packing import pack
from codearch.index.unpacking import unpack
from codearch.parse import parse
from codearch.store.database import connect_writer
from codearch.store.schema import make_tables

if TYPE_CHECKING:
    from pathlib import Path

KETTLE = '''"""Kettles, and how they whistle."""
import time


class Kettle:
    """Holds water. Préchauffée, 🫖."""

    def boil(self, degrees: int = 100) -> bool:
        """Heat the water until it whistles."""
        while self.heat() < degrees:  # not yet
            time.sleep(1)
        return True
'''


def copies(count: int) -> str:
    """Return a source with many classes that differ in their names alone."""
    return "".join(KETTLE.replace("Kettle", f"Kettle{number}") for number in range(count))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        KETTLE,
        KETTLE.replace("\n", "\r\n"),
        copies(20),
        copies(200),
        "def f(:\n" * 900,
    ],
    ids=["empty", "tiny", "small", "crlf", "as columns", "longer than the window", "broken"],
)
@pytest.mark.parametrize("language", ["python", "text"])
def test_facts_come_back_as_they_were(text: str, language: str) -> None:
    source = text.encode()
    facts = parse(source, languages.by_name(language))
    assert unpack(pack(facts, source), source) == facts
    assert unpack_source(pack_source(source)) == source


def test_facts_repeat_nothing_that_their_source_says() -> None:
    source = KETTLE.encode()
    prose = source.replace(b"until it whistles", b"until it " + b"sings and hums and rattles " * 4)
    first, second = (
        len(pack(parse(each, languages.by_name("python")), each)) for each in (source, prose)
    )
    assert second - first < 20


@pytest.mark.parametrize("kept", [0, 1, 12])
def test_facts_cut_short_ask_for_a_rebuild(kept: int) -> None:
    source = KETTLE.encode()
    blob = pack(parse(source, languages.by_name("python")), source)
    with pytest.raises(UnusableStoreError, match="cannot be read"):
        unpack(blob[:kept], source)


def read(part: bytes, words: dict[int, str]) -> tuple[list[int], dict[str, int]]:
    """Return a part's lengths and packed counts."""
    packed = np.frombuffer(part, "<u4", offset=8).tolist()
    lengths = np.frombuffer(part, "<u2", count=4).tolist()
    return lengths, {words[each >> 10]: each & 1023 for each in packed}


def test_words_come_back_part_by_part() -> None:
    passages = [
        Passage("boil", "def boil(self)", "Heat the water.", "while self.heat(): pass"),
        Passage("", "", "", ""),
        Passage("heat", "def heat(self)", "", "return self.degrees " * 40),
        Passage("boil", "def boil(self)", "Heat the water.", "while self.heat(): pass"),
    ]
    counted = [terms.count(each) for each in passages]
    numbers: dict[str, int] = {}
    blob = terms.pack(
        terms.gather(counted), lambda word: numbers.setdefault(word, len(numbers) + 1)
    )
    words = {number: word for word, number in numbers.items()}
    found = [read(part, words) for part in terms.unpack(blob)]
    assert found == [(list(each.lengths), each.counts) for each in counted]


def test_no_parts_come_back_as_none() -> None:
    assert terms.unpack(terms.pack(terms.gather([]), len)) == []


def test_words_cut_short_ask_for_a_rebuild() -> None:
    blob = terms.pack(terms.gather([terms.count(Passage("boil", "", "", ""))]), len)
    with pytest.raises(UnusableStoreError, match="cannot be read"):
        terms.unpack(blob[:9])


def test_words_keep_their_numbers_over_batches(tmp_path: Path) -> None:
    connection = connect_writer(tmp_path / "index.db")
    make_tables(connection, tmp_path / "index.db")
    write_words(connection, 1, ["kettle", "boil"])
    write_words(connection, 3, ["préchauffée"])
    assert list(read_words(connection)) == [(1, "kettle"), (2, "boil"), (3, "préchauffée")]
    assert list(read_words(connection, 2)) == [(3, "préchauffée")]
    connection.close()
