"""A second clone embeds nothing: its sibling has the vectors, or the team's store."""

from __future__ import annotations

import shutil
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from indexer.running import Running
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace

SOURCE = '''\
def brew(leaves, minutes):
    """Steep leaves in hot water."""
    water = heat({0})
    return water.over(leaves, minutes)


def pour(pot, cup):
    """Fill a cup from the pot."""
    cup.fill(pot.take({0}))
    return cup
'''
FILES = 40


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A folder of sources."""
    folder = tmp_path / "original"
    folder.mkdir()
    for at in range(FILES):
        (folder / f"tea{at}.py").write_text(SOURCE.format(at), "utf-8")
    return folder


@pytest.fixture
def clone(original: Path) -> Path:
    """Another folder of the same."""
    return shutil.copytree(original, original.with_name("clone"))


def indexed(root: Path) -> tuple[int, int, dict[int, np.ndarray]]:
    """Index a folder; return how many were embedded, how many taken, and vectors by text."""
    with Running(root) as running:
        counters = running.index()
        embedder = running.shop.embedder
        assert embedder.answering is not None
        assert counters["embedded"] == embedder.embedded
        assert counters["reused"] >= embedder.taken
        keys = dict(running.shop.connection.execute("SELECT id, key FROM passages").fetchall())
        rows = embedder.answering.vectors.get(list(keys))
        assert embedder.waiting() == 0
        return embedder.embedded, embedder.taken, {keys[at]: row for at, row in rows.items()}


def same(one: dict[int, np.ndarray], other: dict[int, np.ndarray]) -> bool:
    """Say whether two indexes have the same vectors."""
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


def test_a_clone_takes_all_from_its_sibling_and_leaves_it_alone(
    original: Path, clone: Path, own_cache: Path
) -> None:
    embedded, taken, first = indexed(original)
    assert embedded > FILES * 2
    assert taken == 0
    files = {
        file: file.read_bytes()
        for file in own_cache.rglob("*")
        if file.is_file() and not file.name.startswith("index.db-")
    }
    embedded, taken, second = indexed(clone)
    assert embedded == 0
    assert taken == len(second)
    assert same(first, second)
    assert {file: file.read_bytes() for file in files} == files


def test_a_sibling_at_work_is_asked_as_well(original: Path, clone: Path) -> None:
    with Running(original) as running:
        running.index()
        assert indexed(clone)[0] == 0
        (original / "tea0.py").write_text("def boil(): return 1\n")
        running.ask("touched", paths=["tea0.py"])
        running.ask("flush")
        assert running.search("boil")[0] == "tea0.py boil"


def test_what_the_sibling_lacks_is_embedded(original: Path, clone: Path) -> None:
    indexed(original)
    (clone / "coffee.py").write_text("def grind(beans):\n    return beans.crushed()\n")
    embedded, taken, _ = indexed(clone)
    assert 0 < embedded <= 2
    assert taken > FILES * 2


@pytest.mark.parametrize("harm", ["index.db", "vectors"])
def test_a_damaged_sibling_is_not_asked(
    original: Path, clone: Path, own_cache: Path, harm: str
) -> None:
    embedded, _, _ = indexed(original)
    (folder,) = own_cache.iterdir()
    for file in (folder / harm).rglob("*") if harm == "vectors" else [folder / harm]:
        if file.is_file():
            file.write_bytes(b"\0" * file.stat().st_size)
    assert indexed(clone)[:2] == (embedded, 0)


def test_a_sibling_of_another_version_is_not_asked(
    original: Path, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded, _, _ = indexed(original)
    monkeypatch.setattr("codearch.indexer.elsewhere.PARSER_VERSION", 10_000)
    assert indexed(clone)[:2] == (embedded, 0)


def test_a_clone_on_another_machine_takes_all_from_the_team(
    original: Path, clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared").mkdir()
    monkeypatch.setenv("CODEARCH_VECTORS_STORE", str(tmp_path / "shared"))
    _, _, first = indexed(original)
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "elsewhere"))
    embedded, taken, second = indexed(clone)
    assert embedded == 0
    assert taken == len(second)
    assert same(first, second)


def test_an_edit_is_embedded_here_and_never_sent(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("CODEARCH_VECTORS_STORE", str(shared))
    with Running(original) as running:
        running.index()
        before = running.shop.embedder.embedded
        (original / "tea0.py").write_text("def boil(): return 1\n")
        running.ask("touched", paths=["tea0.py"])
        running.ask("flush")
        assert running.shop.embedder.embedded == before + 1
    assert len([one for one in shared.rglob("*.keys") if one.is_file()]) == 1


def test_a_store_that_is_not_there_is_said_and_all_is_embedded_here(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_VECTORS_STORE", str(tmp_path / "missing"))
    with Running(original) as running:
        running.index()
        status = running.ask("status")
        assert status["pending"] == 0
        assert status["cache"]["hitRate"] < 1
        (problem,) = [one for one in status["problems"] if "missing" in one["message"]]
        assert problem["mend"]


def test_a_second_worktree_takes_all_from_the_first(repository: Workspace) -> None:
    for at in range(FILES):
        repository.write(f"tea{at}.py", SOURCE.format(at))
    repository.commit("Steep")
    first = indexed(repository.root)
    assert first[0] > FILES
    beside = repository.root.with_name("beside")
    repository.git("worktree", "add", "-q", str(beside))
    embedded, taken, vectors = indexed(beside)
    assert (embedded, taken) == (0, first[0])
    assert vectors.keys() == first[2].keys()


@contextmanager
def silent_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Set a team's store that never answers, for which a first index would wait for ever."""
    monkeypatch.setattr("codearch.store.team.reading.PATIENCE_SECONDS", 1e9)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("CODEARCH_VECTORS_STORE", "s3://tea/ours")
        where = f"http://127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setenv("CODEARCH_VECTORS_ENDPOINT", where)
        yield listening


def test_a_store_that_never_answers_delays_nothing_but_a_first_index(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed(original)
    with silent_store(monkeypatch) as listening, Running(original) as running:
        many = "".join(f"def steep{at}(): return {at}\n" for at in range(600))
        (original / "many.py").write_text(many)
        running.index()
        assert running.shop.embedder.embedded >= 600
        assert listening.accept()  # it was asked


def test_words_and_buffers_answer_while_a_first_index_waits_for_the_team(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent_store(monkeypatch) as listening, Running(original) as running:
        running.hello()
        assert listening.accept()  # it is asked, and never answers
        wait_until(lambda: running.ask("status")["files"] == FILES)
        assert running.search("brew")[0].endswith(" brew")
        text = "def simmer(pot):\n    return pot.hot()\n"
        running.ask("overlay", path="tea7.py", text=text)
        running.ask("overlaid")
        assert running.search("simmer")[0] == "tea7.py simmer"
        assert running.shop.embedder.embedded == 0
        assert running.ask("status")["pending"] > FILES


def test_a_workspace_cannot_say_where_vectors_go(original: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (original / "codearch.toml").write_text(f'[vectors]\nstore = "{shared}"\n')
    with Running(original) as running:
        running.index()
        problems = [one["message"] for one in running.ask("status")["problems"]]
    assert not list(shared.iterdir())
    assert any("vectors.store" in one and "may not set it" in one for one in problems)
