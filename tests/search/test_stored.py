"""The catalogue in step with the store: what is committed is found, what is gone is not."""

import pytest
from search_store import Index

from codearch.errors import StoreError
from codearch.settings import Settings
from codearch.snapshot import Reader, Snapshot
from codearch.store.database import FILE_NAME, connect_writer


@pytest.fixture
def index(tmp_path):
    return Index(tmp_path)


def test_what_is_committed_is_found_with_its_snippet(index):
    index.write({"tea.py": "def boil_water(kettle):\n    # until it whistles\n    kettle.on()\n"})
    hit = index.found("boil water")[0]
    assert hit.symbol.name == "boil_water"
    assert hit.snippet.startswith("def boil_water")
    assert index.names("whistles") == ["boil_water"]


def test_constants_are_found_where_they_are_declared(index):
    index.write(
        {
            "limits.py": "MOST_CUPS = 12\n",
            "tea.py": "from limits import MOST_CUPS\n\n\ndef pour():\n    return MOST_CUPS\n",
        }
    )
    assert index.found("MOST_CUPS")[0].symbol.path == "limits.py"


def test_each_commit_is_seen_at_the_next_search(index):
    index.write({"tea.py": "def boil():\n    return 1\n", "cup.py": "def wash():\n    return 2\n"})
    assert index.names("boil") == ["boil"]
    index.write({"tea.py": "def steep():\n    return 1\n"}, removed=["cup.py"])
    assert index.names("boil") == []
    assert index.names("wash") == []
    assert index.names("steep") == ["steep"]


def test_a_buffer_is_found_in_its_session_alone(index):
    index.write({"tea.py": "def boil():\n    return 1\n"})
    index.write({"tea.py": "def whisk():\n    return 1\n"}, session=3)
    assert index.names("whisk", session=3) == ["whisk"]
    assert index.names("boil", session=3) == []
    assert index.names("boil") == ["boil"]
    index.writer.drop_session(3)
    assert index.names("boil", session=3) == ["boil"]


def test_a_replaced_store_is_read_anew(index, tmp_path):
    index.write({"tea.py": "def boil():\n    return 1\n"})
    assert index.names("boil") == ["boil"]
    (tmp_path / "other").mkdir()
    other = Index(tmp_path / "other")
    other.write({"cup.py": "def wash():\n    return 2\n"})
    index.catalogue.forget()
    other.catalogue = index.catalogue
    assert other.names("wash") == ["wash"]
    assert other.names("boil") == []


def test_who_still_reads_a_replaced_store_does_not_hide_the_next(index, tmp_path):
    (tmp_path / "other").mkdir()
    other = Index(tmp_path / "other")
    other.catalogue = index.catalogue
    for each, name in ((index, "first"), (other, "second")):
        each.writer._db.execute("INSERT INTO meta VALUES ('store', ?)", (name,))
    for number in range(3):
        index.write({"tea.py": f"def boil():\n    return {number}\n"})
    with index.snapshot() as late:
        index.catalogue.forget()
        index.catalogue.view(late.connection, late.generation)
    other.write({"cup.py": "def wash():\n    return 2\n"})
    assert other.names("wash") == ["wash"]
    assert other.names("boil") == []


def test_reading_ahead_gives_way_and_leaves_nothing_out(index):
    index.write(
        {f"cup_{number}.py": f"def wash_{number}():\n    return 1\n" for number in range(250)}
    )
    assert not index.warm(lambda: True)  # reads some of it
    index.write({"cup_7.py": "def dry():\n    return 1\n"}, removed=["cup_8.py"])
    assert not index.warm(lambda: True)  # reads more, whoever waits
    assert index.names("dry") == ["dry"]
    assert "wash_7" not in index.names("wash_7")
    assert "wash_8" not in index.names("wash_8")
    assert {index.names(f"wash_{number}")[0] for number in (0, 99, 100, 249)} == {
        "wash_0", "wash_99", "wash_100", "wash_249"
    }  # fmt: skip
    assert index.warm(lambda: True)  # nothing is left


def test_a_database_without_tables_is_refused_alike_each_time(tmp_path):
    connect_writer(tmp_path / FILE_NAME).close()
    reader = Reader(tmp_path, tmp_path)
    for _ in range(2):
        with pytest.raises(StoreError, match="no such table"), Snapshot(reader, Settings()):
            pass
