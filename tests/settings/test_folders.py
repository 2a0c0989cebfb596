"""Roots, and the folders that belong to them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from codearch.errors import StoreError, UsageError
from codearch.settings import cache_home, claimed_cache, find_root, root_cache


def test_the_root_is_the_nearest_marked_folder_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "packages" / "web" / "src"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    assert find_root(inner) == tmp_path / "repo"
    (tmp_path / "repo" / "packages" / "web" / "codearch.toml").touch()
    assert find_root(inner) == tmp_path / "repo" / "packages" / "web"


def test_a_worktree_marks_its_root_by_a_file(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")
    (tmp_path / "src").mkdir()
    assert find_root(tmp_path / "src") == tmp_path


def test_without_a_mark_the_folder_itself_is_the_root(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert find_root(tmp_path / "plain") == tmp_path / "plain"


def test_an_explicit_root_needs_no_mark_but_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "part").mkdir()
    assert find_root(tmp_path, tmp_path / "part") == tmp_path / "part"
    with pytest.raises(UsageError, match="not a folder"):
        find_root(tmp_path, tmp_path / "missing")


def test_one_cache_folder_a_root_however_it_is_written(tmp_path: Path) -> None:
    environment = {"CODEARCH_CACHE_DIR": str(tmp_path / "cache")}
    (tmp_path / "a b").mkdir()
    (tmp_path / "other").mkdir()
    folder = root_cache(tmp_path / "a b", environment)
    assert folder == root_cache(tmp_path / "other" / ".." / "a b", environment)
    assert folder != root_cache(tmp_path / "other", environment)
    assert folder.parent == tmp_path / "cache"
    assert not folder.exists()


def test_a_claimed_folder_says_whose_it_is_and_is_private(tmp_path: Path) -> None:
    environment = {"CODEARCH_CACHE_DIR": str(tmp_path / "cache")}
    folder = claimed_cache(tmp_path, environment)
    assert (folder / "root.txt").read_text("utf-8").strip() == str(tmp_path)
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert claimed_cache(tmp_path, environment) == folder


def test_the_cache_follows_the_environment() -> None:
    assert cache_home({"CODEARCH_CACHE_DIR": "/x/y"}) == Path("/x/y").absolute()
    assert cache_home({}).name == "codearch"


def test_a_cache_folder_that_cannot_be_made_is_named_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be written to.*CODEARCH_CACHE_DIR"):
        claimed_cache(tmp_path, {"CODEARCH_CACHE_DIR": str(tmp_path / "file" / "below")})


@pytest.mark.skipif(sys.platform != "linux", reason="a folder in which nobody may write")
def test_a_cache_folder_in_which_nobody_may_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"/proc/nocache.*CODEARCH_CACHE_DIR"):
        claimed_cache(tmp_path, {"CODEARCH_CACHE_DIR": "/proc/nocache"})


def test_a_folder_that_was_removed_while_it_was_claimed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By who keeps within a budget: in the last moment, and once."""
    environment = {"CODEARCH_CACHE_DIR": str(tmp_path / "cache")}
    may = os.access
    removed: list[Path] = []

    def removed_before(path: Path, mode: int) -> bool:
        if not removed:
            removed.append(path.rename(tmp_path / "aside"))
        return may(path, mode)

    monkeypatch.setattr(os, "access", removed_before)
    folder = claimed_cache(tmp_path, environment)
    assert removed
    assert (folder / "root.txt").read_text() == f"{tmp_path}\n"
