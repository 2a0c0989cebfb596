"""Symbols picked by a few letters of their names, out of a store."""

import random

import pytest
from search_store import Index

from codearch.text import split_identifier

WORDS = ("get", "set", "read", "HTTP", "Zip", "file", "test", "x", "parse", "Run")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A store of 1,500 functions in 30 files, some names many times."""
    chosen = random.Random(4)
    index = Index(tmp_path_factory.mktemp("crowd"))
    files = {}
    for number in range(30):
        names = {"_".join(chosen.choices(WORDS, k=chosen.randint(1, 3))) for _ in range(60)}
        names |= {"".join(chosen.choices(WORDS, k=2)) for _ in range(10)}
        files[f"pack/part{number:02}.py"] = "\n\n".join(
            f"def {name}():\n    return {at}" for at, name in enumerate(sorted(names))
        )
    index.write(files)
    return index


def picked(index, letters, limit=100, session=0):
    with index.snapshot(session) as snapshot:
        return [(one.name, one.path) for one in snapshot.find_symbols(letters, limit)]


def in_order(letters, name):
    rest = iter(name.lower())
    return all(letter in rest for letter in letters.lower())


def fit(letters, name):
    """Return what names are ordered by, the plain way."""
    wanted, lowered = letters.lower(), name.lower()
    humps = "".join(word[0] for word in split_identifier(name))
    ways = (
        lowered == wanted,
        lowered.startswith(wanted),
        wanted in lowered,
        lowered[:1] == wanted[0] and humps.startswith(wanted),
        True,
    )
    return ways.index(True), letters not in name, len(name)


@pytest.mark.parametrize(
    "letters",
    ["g", "ge", "get", "gf", "zx", "rH", "HTTP", "http_", "test", "tstprs", "set_read", "nowhere"],
)
@pytest.mark.parametrize("limit", [5, 100, 5000])
def test_a_page_holds_the_best_of_all_symbols(crowd, letters, limit):
    with crowd.snapshot() as snapshot:
        known = [one for one in snapshot.all_symbols() if one.kind == "function"]
    fitting = [one for one in known if in_order(letters, one.name)]
    best = sorted(fitting, key=lambda one: (*fit(letters, one.name), one.test, one.path))
    assert picked(crowd, letters, limit) == [(one.name, one.path) for one in best[:limit]]


def test_files_themselves_and_sections_are_not_picked(crowd):
    assert all(name for name, _ in picked(crowd, "part", 5000))


def test_nothing_asked_for_lists_files_in_their_order(crowd):
    found = picked(crowd, "", 70)
    assert len(found) == 70
    assert [path for _, path in found] == sorted(path for _, path in found)
    assert found[0][1] == "pack/part00.py"
    assert picked(crowd, "  ", 70) == found


def test_signs_that_mean_something_to_the_store_are_letters(tmp_path):
    index = Index(tmp_path)
    index.write({"a.py": "def all_of():\n    return 1\n\n\ndef allXof():\n    return 1\n"})
    assert picked(index, "l_o") == [("all_of", "a.py")]
    assert picked(index, "_") == [("all_of", "a.py")]
    assert picked(index, "%") == []


def test_a_buffer_is_seen_in_its_session_alone(tmp_path):
    index = Index(tmp_path)
    index.write({"tea.py": "def boil():\n    return 1\n"})
    index.write({"tea.py": "def steep():\n    return 1\n"}, session=3)
    assert picked(index, "boil") == [("boil", "tea.py")]
    assert picked(index, "boil", session=3) == []
    assert picked(index, "stp", session=3) == [("steep", "tea.py")]


def test_of_equal_names_those_of_tests_come_last(tmp_path):
    index = Index(tmp_path)
    text = "class TextWrapper:\n    def wrap(self):\n        return 1\n"
    index.write({"tests/test_io.py": text, "textwrap.py": text, "lib/wrapping.py": text})
    paths = [path for _, path in picked(index, "textwrapper")]
    assert paths == ["lib/wrapping.py", "textwrap.py", "tests/test_io.py"]
