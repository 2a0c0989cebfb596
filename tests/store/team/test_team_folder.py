"""A team's vectors in a folder: found by others, refused where they are not what they should be."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from codearch.errors import TeamStoreError
from codearch.store.team.access import FIRST_REST_SECONDS
from codearch.store.team.pack import PACK_ROWS, Form, packed
from codearch.store.team.places import FolderPlace
from codearch.store.team.reading import PATIENCE_SECONDS
from store.team.packs import FORM, asked, keys, objects, put, team, vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codearch.store.team import TeamVectors

    Opened = Callable[..., TeamVectors]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """The folder that the team shares."""
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(shared: Path, tmp_path: Path) -> Iterator[Opened]:
    """The store as this or that root uses it; closed at the end."""
    found: list[TeamVectors] = []

    def open_(root: str, **more: object) -> TeamVectors:
        found.append(team(shared, tmp_path / root, **more))
        return found[-1]

    yield open_
    for each in found:
        each.close()


def test_another_clone_finds_what_one_has_made_and_nothing_else(opened: Opened) -> None:
    rows = vectors(300)
    put(opened("mine"), keys(300), rows)
    found = asked(opened("theirs"), keys(400, first=100))
    assert sorted(found.vectors) == sorted(keys(200, first=100))
    for key, row in zip(keys(300)[100:], rows[100:], strict=True):
        assert np.array_equal(found.vectors[key], row)


def test_a_large_batch_becomes_packs_of_a_few_megabytes(opened: Opened, shared: Path) -> None:
    count = PACK_ROWS * 2 + 100
    put(opened("mine"), keys(count), vectors(count))
    assert len(objects(shared, ".keys")) == 3
    assert len(asked(opened("theirs"), keys(count)).vectors) == count


def test_what_is_there_is_not_put_there_again(opened: Opened, shared: Path) -> None:
    put(opened("mine"), keys(100), vectors(100))
    before = objects(shared, ".*s")
    put(opened("theirs"), keys(100), vectors(100))
    assert objects(shared, ".*s") == before


def test_two_who_write_at_once_lose_nothing(opened: Opened) -> None:
    both = opened("one"), opened("other")
    start = threading.Barrier(2)

    def write(store: TeamVectors, first: int) -> None:
        start.wait()
        for at in range(first, first + 500, 50):
            put(store, keys(50, at), vectors(50, at))

    threads = [
        threading.Thread(target=write, args=(store, first))
        for store, first in zip(both, (0, 300), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked(opened("third"), keys(800)).vectors) == 800
    assert not [one for store in both for one in store.problems()]


def test_small_packs_are_merged_and_a_reader_of_before_finds_them_all(
    opened: Opened, shared: Path
) -> None:
    early = opened("early", read_only=True)
    mine = opened("mine")
    put(mine, keys(5), vectors(5, 0))
    assert len(asked(early, keys(5)).vectors) == 5
    for at in range(5, 200, 5):
        put(mine, keys(5, at), vectors(5, at))
    assert len(objects(shared, ".keys")) <= 16
    assert len(objects(shared, ".keys")) == len(objects(shared, ".vectors"))
    early.settle()
    found = asked(early, keys(200)).vectors
    assert len(found) == 200
    assert np.array_equal(found[keys(1, 100)[0]], vectors(5, 100)[0])


class Kept(FolderPlace):
    """A store that lets nobody delete anything."""

    def delete(self, path: str) -> None:
        """Refuse."""
        message = f"{path} is to be kept."
        raise TeamStoreError(message)


def test_who_may_not_delete_does_not_merge_and_the_store_is_well(
    opened: Opened, shared: Path
) -> None:
    mine = opened("mine", make=lambda: Kept(shared))
    for at in range(0, 100, 5):
        put(mine, keys(5, at), vectors(5, at))
    assert len(objects(shared, ".keys")) == 20
    assert not mine.problems()
    assert len(asked(opened("theirs"), keys(100)).vectors) == 100


def test_a_pack_merged_away_meanwhile_is_looked_for_anew(opened: Opened, shared: Path) -> None:
    put(opened("mine"), keys(5), vectors(5))
    reader = opened("theirs", read_only=True)
    while reader.known(keys(1, 900)).coming:  # it has listed, and fetched nothing
        reader.wait(1)
    for each in objects(shared, ".*s"):
        each.unlink()
    assert not asked(reader, keys(5)).vectors
    assert not reader.problems()


def test_who_only_reads_puts_nothing_there(opened: Opened, shared: Path) -> None:
    put(opened("mine", read_only=True), keys(100), vectors(100))
    assert not list(shared.iterdir())


def test_vectors_of_another_encoder_are_none_of_ours(opened: Opened) -> None:
    put(opened("mine"), keys(100), vectors(100))
    other = opened("theirs", form=Form("coffee-1", FORM.dimension))
    assert not asked(other, keys(100)).vectors


def test_what_is_no_vector_is_not_put_there(opened: Opened) -> None:
    rows = vectors(4)
    rows[1] = np.nan
    rows[2] *= 3
    put(opened("mine"), keys(4), rows)
    assert sorted(asked(opened("theirs"), keys(4)).vectors) == sorted([keys(4)[0], keys(4)[3]])


# --- what cannot be trusted ---------------------------------------------------------------------


def cut(file: Path) -> None:
    """Lose the last byte."""
    file.write_bytes(file.read_bytes()[:-1])


def emptied(file: Path) -> None:
    """Lose everything."""
    file.write_bytes(b"")


def altered(file: Path) -> None:
    """Change one bit."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def grown(file: Path) -> None:
    """Go on for longer than any object does."""
    file.write_bytes(file.read_bytes() + bytes(4 << 20))


@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
@pytest.mark.parametrize("harm", [cut, emptied, altered, grown])
def test_an_object_that_is_not_what_its_name_says_is_refused_and_said(
    opened: Opened, shared: Path, suffix: str, harm: Callable[[Path], None]
) -> None:
    put(opened("mine"), keys(100), vectors(100))
    (file,) = objects(shared, suffix)
    harm(file)
    reader = opened("theirs", read_only=True)
    assert not asked(reader, keys(100)).vectors
    (problem,) = reader.problems()
    assert file.name in problem.message
    assert "not used" in problem.message


def test_two_packs_that_were_swapped_are_refused(opened: Opened, shared: Path) -> None:
    mine = opened("mine")
    put(mine, keys(50), vectors(50))
    put(mine, keys(50, 50), vectors(50, 2))
    one, other = objects(shared, ".vectors")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    assert not asked(opened("theirs"), keys(100)).vectors


def test_what_is_refused_is_never_asked_for_again_until_it_is_taken_away(
    opened: Opened, shared: Path
) -> None:
    put(opened("mine"), keys(100), vectors(100))
    (file,) = objects(shared, ".vectors")
    whole = file.read_bytes()
    cut(file)
    asked(opened("theirs", read_only=True), keys(100))
    file.write_bytes(whole)
    next_process = opened("theirs", read_only=True)
    assert not asked(next_process, keys(100)).vectors
    assert next_process.problems()
    for each in objects(shared, ".keys"):
        each.unlink()
    next_process.settle()
    asked(next_process, keys(100))
    assert not next_process.problems()


def poison(shared: Path, made: np.ndarray, *, form: Form = FORM, **said: object) -> None:
    """Put a pack there whose names and sums are right, and which lies all the same."""
    pack = packed(form, keys(len(made)), made)
    label = msgspec.msgpack.encode(msgspec.structs.replace(pack.label, **said))
    place = FolderPlace(shared)
    place.write(f"{FORM.folder}/keys/{hashlib.sha256(label).hexdigest()}.keys", label)
    place.write(f"{FORM.folder}/rows/{pack.label.rows}.vectors", pack.rows_bytes)


def test_a_pack_of_what_no_encoder_gives_is_refused(opened: Opened, shared: Path) -> None:
    with_nan = vectors(10)
    with_nan[3, 3] = np.nan
    poison(shared, with_nan)
    poison(shared, vectors(10) * 2)
    poison(shared, np.zeros((10, FORM.dimension), np.float32))
    poison(shared, vectors(10, dimension=16), form=Form(FORM.encoder, 16))
    poison(shared, vectors(10), encoder="coffee-1")
    poison(shared, vectors(10), rows="../../../../etc/passwd")
    poison(shared, vectors(10), keys=b"")
    reader = opened("theirs", read_only=True)
    assert not asked(reader, keys(10)).vectors
    assert reader.problems()[0].message.startswith("7 objects")


def test_files_of_others_are_left_alone(opened: Opened, shared: Path) -> None:
    put(opened("mine"), keys(10), vectors(10))
    (label,) = objects(shared, ".keys")
    (label.parent / "README.keys").write_text("by hand")
    (label.parent / ("0" * 64)).write_text("no suffix")
    reader = opened("theirs")
    assert len(asked(reader, keys(10)).vectors) == 10
    assert not reader.problems()


# --- stores that do not answer --------------------------------------------------------------------


class Clock:
    """Time that passes when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_folder_that_is_not_mounted_is_said_left_alone_and_not_made(
    tmp_path: Path,
) -> None:
    clock = Clock()
    missing = tmp_path / "share"
    store = team(missing, tmp_path / "mine", clock=clock)
    assert not asked(store, keys(10)).vectors
    (problem,) = store.problems()
    assert str(missing) in problem.message
    put(store, keys(10), vectors(10))
    assert not missing.exists()
    missing.mkdir()
    assert store.known(keys(10)).coming == frozenset()  # within the minute it is not even looked at
    clock.now += FIRST_REST_SECONDS + 1
    assert not store.problems()  # nobody knows
    asked(store, keys(10))
    assert not store.problems()
    store.close()


def test_what_could_not_be_sent_the_next_process_sends(tmp_path: Path) -> None:
    share = tmp_path / "share"
    first = team(share, tmp_path / "mine")
    put(first, keys(100), vectors(100))
    first.close()
    share.mkdir()
    second = team(share, tmp_path / "mine")
    assert second.drained(20)
    second.close()
    third = team(share, tmp_path / "theirs")
    assert len(asked(third, keys(100)).vectors) == 100
    third.close()


class Stuck(FolderPlace):
    """A share whose server has gone: nothing on it ever comes back."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reached = threading.Event()
        self.released = threading.Event()

    def names(self, folder: str) -> list[str]:
        """Answer when it is too late."""
        self.reached.set()
        self.released.wait()
        return super().names(folder)


def test_a_store_that_never_answers_is_waited_for_by_nobody(shared: Path, tmp_path: Path) -> None:
    clock, stuck = Clock(), Stuck(shared)
    store = team(shared, tmp_path / "mine", make=lambda: stuck, clock=clock, read_only=True)
    assert store.known(keys(10)).coming == frozenset(keys(10))
    assert stuck.reached.wait(20)
    clock.now += PATIENCE_SECONDS + 1
    assert store.known(keys(10)) == ({}, frozenset())
    store.settle()
    store.close()
    stuck.released.set()


class Odd(FolderPlace):
    """A place whose library fails as none was foreseen to, until it is well again."""

    well = False

    def names(self, folder: str) -> list[str]:
        """Fail, or answer."""
        if not self.well:
            message = "an answer of no known form"
            raise LookupError(message)
        return super().names(folder)


def test_a_failure_that_nobody_foresaw_is_said_and_gets_over(
    opened: Opened, shared: Path, tmp_path: Path
) -> None:
    put(opened("mine"), keys(10), vectors(10))
    clock, odd = Clock(), Odd(shared)
    store = team(shared, tmp_path / "theirs", make=lambda: odd, clock=clock, read_only=True)
    assert not asked(store, keys(10)).vectors
    (problem,) = store.problems()
    assert "LookupError: an answer of no known form" in problem.message
    odd.well = True
    clock.now += FIRST_REST_SECONDS + 1
    assert len(asked(store, keys(10)).vectors) == 10
    store.close()
