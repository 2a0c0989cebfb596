"""Callers as the store finds them: through the files that have calls, whatever became of those."""

import pytest
from search_store import Index

from codearch.index.resolving import Resolving
from codearch.store.database import FILE_NAME, connect_writer

TEA = "def boil_water(kettle):\n    return kettle\n"
CUP = "from tea import boil_water\n\n\ndef pour():\n    return boil_water(1) + boil_water(2)\n"


@pytest.fixture
def index(tmp_path):
    index = Index(tmp_path)
    index.write({"tea.py": TEA, "cup.py": CUP, "pot.py": CUP.replace("pour", "brew")})
    return index


def resolve(index, session=0):
    connection = connect_writer(index.folder / FILE_NAME)
    Resolving().resolve_pending(connection, session)
    left = connection.execute("SELECT count(*) FROM called").fetchone()[0]
    connection.close()
    return left


def callers(index, session=0):
    """Return (path, line, column) of the calls of boil_water."""
    with index.snapshot(session) as snapshot:
        (boil,) = snapshot.named("boil_water")
        found = snapshot.callers(boil.id)
        assert snapshot.caller_counts([boil.id]).get(boil.id, 0) == len({c.source for c in found})
        return sorted((call.path, call.span.line, call.span.column) for call in found)


def test_callers_of_all_files_are_found(index):
    resolve(index)
    assert callers(index) == [
        ("cup.py", 4, 11), ("cup.py", 4, 27), ("pot.py", 4, 11), ("pot.py", 4, 27)
    ]  # fmt: skip


def test_callees_lie_in_their_order_with_the_whole_name(index):
    resolve(index)
    with index.snapshot() as snapshot:
        (pour,) = snapshot.named("pour")
        spans = [call.span for call in snapshot.callees(pour.id)]
    assert [(span.column, span.end_column) for span in spans] == [(11, 21), (27, 37)]


def test_a_removed_file_calls_nothing_and_leaves_no_trace(index):
    before = resolve(index)
    index.write({}, removed=["pot.py"])
    after = resolve(index)
    assert callers(index) == [("cup.py", 4, 11), ("cup.py", 4, 27)]
    assert after < before


def test_a_changed_file_calls_what_it_calls_now(index):
    resolve(index)
    index.write({"pot.py": "def brew():\n    return 1\n"})
    resolve(index)
    assert {path for path, _, _ in callers(index)} == {"cup.py"}


def test_a_buffer_hides_the_calls_of_its_file_for_its_session_alone(index):
    resolve(index)
    index.write({"pot.py": "def brew():\n    return 1\n"}, session=7)
    resolve(index, session=7)
    assert {path for path, _, _ in callers(index, session=7)} == {"cup.py"}
    assert {path for path, _, _ in callers(index)} == {"cup.py", "pot.py"}
    index.writer.drop_session(7)
    assert {path for path, _, _ in callers(index, session=7)} == {"cup.py", "pot.py"}


def test_equal_files_share_passages_and_keep_their_own_symbols(index):
    index.write({"copy.py": TEA})
    with index.snapshot() as snapshot:
        found = snapshot.named("boil_water")
        (shared,) = {tuple(snapshot.passages_of(symbol.id)) for symbol in found}
        holders = {symbol.path for _, symbol in snapshot.symbols_of_passages(shared)}
    assert holders == {"tea.py", "copy.py"}


def test_a_long_file_gives_way_thrice_and_is_then_resolved(index):
    many = "\n".join(f"    boil_water({number})" for number in range(300))
    index.write({"urn.py": f"from tea import boil_water\n\n\ndef serve():\n{many}\n"})
    connection = connect_writer(index.folder / FILE_NAME)
    looks = []

    def stop():  # nothing is urgent when a step begins, and something as soon as it is at work
        looks.append(len(looks))
        return len(looks) > 1

    resolving, rounds = Resolving(stop=stop), 0
    while connection.execute("SELECT count(*) FROM files WHERE resolved = 0").fetchone()[0]:
        looks.clear()
        resolving.resolve_pending(connection)
        rounds += 1
    connection.close()
    assert rounds == 4 + 3  # one for each other file, and three in vain
    assert not resolving.put_off
    assert sum(path == "urn.py" for path, _, _ in callers(index)) == 300


def test_comments_move_calls_and_resolve_nothing(index):
    resolve(index)
    remarked = "# cups\n" + CUP.replace("    return", "    # twice\n    return")
    index.write({"cup.py": remarked, "tea.py": "# hot\n" + TEA})
    connection = connect_writer(index.folder / FILE_NAME)
    waiting = connection.execute("SELECT path FROM files WHERE resolved = 0").fetchall()
    connection.close()
    assert waiting == []
    assert callers(index) == [
        ("cup.py", 6, 11), ("cup.py", 6, 27), ("pot.py", 4, 11), ("pot.py", 4, 27)
    ]  # fmt: skip


def test_a_file_that_waits_to_be_resolved_still_does_after_a_comment(index):
    index.write({"cup.py": CUP + "# full\n"})
    resolve(index)
    assert ("cup.py", 4, 11) in callers(index)
