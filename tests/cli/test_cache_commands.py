"""`codearch cache`: what lies there, what is removed and what never is, and the budget."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import msgspec
import pytest
from kept_indexes import cache, indexed, left, listed, template, unused_for

from codearch.cli.cache._forms import BudgetForm, ClearForm, ListForm
from codearch.errors import StoreError
from codearch.indexer.client import Client
from codearch.indexer.protocol import read_endpoint
from codearch.settings import claimed_cache, load_settings, root_cache
from codearch.store.database import FILE_NAME
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cache", "indexed", "template"]  # fixtures


def fits(form: type[msgspec.Struct], printed: object) -> None:
    """Check what was printed against its documented schema."""
    jsonschema.validate(printed, msgspec.json.schema(form))


# --- listing ----------------------------------------------------------------------------------


def test_without_a_cache_nothing_is_listed(codearch: Callable, cache: Path) -> None:
    ran = codearch("cache", "list", "--json")
    assert ran.json["caches"] == []
    assert (ran.json["bytes"], ran.json["budget"]) == (0, None)
    assert codearch("cache", "clear", "--all").out == "Nothing to remove.\n"
    assert not cache.exists()


def test_indexes_are_listed_by_last_use(codearch: Callable, indexed: Callable) -> None:
    roots = [indexed(name) for name in ("first", "second", "third")]
    for days, root in zip((3, 1, 2), roots, strict=True):
        unused_for(root, days)
    (claimed_cache(roots[0]).parent / "notes.txt").touch()
    printed = codearch("cache", "list", "--json").json
    fits(ListForm, printed)
    assert [Path(one["root"]).name for one in printed["caches"]] == ["second", "third", "first"]
    assert printed["bytes"] == sum(one["bytes"] for one in printed["caches"]) > 0
    assert {one["store"] for one in printed["caches"]} == {"readable"}
    assert not any(one["inUse"] for one in printed["caches"])
    assert [Path(one).name for one in printed["unknown"]] == ["notes.txt"]
    assert "left alone, since they are no indexes: notes.txt" in codearch("cache", "list").out
    (only,) = codearch("cache", "list", "--root", roots[2], "--json").json["caches"]
    assert only["root"] == str(roots[2])


def test_an_index_in_use_is_listed_as_such(codearch: Callable, indexed: Callable) -> None:
    root = indexed("shop")
    with Client(root):
        assert listed(codearch)[str(root)]["inUse"]
        assert "(in use)" in codearch("cache", "list").out
    wait_until(lambda: not listed(codearch)[str(root)]["inUse"])


def test_a_killed_indexer_does_not_use_its_index(codearch: Callable, indexed: Callable) -> None:
    root = indexed("shop")
    with Client(root):
        endpoint = read_endpoint(root_cache(root))
        assert endpoint is not None
        os.kill(endpoint.pid, signal.SIGKILL)
    assert read_endpoint(root_cache(root)) == endpoint, "it had no time to withdraw it"
    wait_until(lambda: not listed(codearch)[str(root)]["inUse"])
    other = indexed("other")
    with Client(other):  # whose indexer looks after the dead one's
        wait_until(lambda: read_endpoint(root_cache(root)) is None)
        assert not list(root_cache(root).glob("*.sock"))


def test_searching_alone_counts_as_use_and_listing_does_not(
    codearch: Callable, indexed: Callable
) -> None:
    root = indexed("shop")
    unused_for(root, 9)
    before = listed(codearch)[str(root)]["lastUsed"]
    assert before < time.time() - 8 * 86_400
    assert codearch("doctor", cwd=root).code == 0
    assert listed(codearch)[str(root)]["lastUsed"] == before
    began = int(time.time())
    assert codearch("search", "value added", cwd=root).code == 0
    wait_until(lambda: left(root))
    assert listed(codearch)[str(root)]["lastUsed"] >= began


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("PRAGMA user_version = 1", "older"),
        ("PRAGMA user_version = 99", "newer"),
        ("PRAGMA application_id = 7", "foreign"),
    ],
)
def test_an_index_that_cannot_be_used_as_it_is_is_told(
    codearch: Callable, indexed: Callable, statement: str, kind: str
) -> None:
    root = indexed("shop")
    connection = sqlite3.connect(root_cache(root) / FILE_NAME)
    connection.execute(statement)
    connection.close()
    assert listed(codearch)[str(root)]["store"] == kind
    assert "made anew when next used" in codearch("cache", "list").out


def test_a_file_that_is_no_database_is_foreign(codearch: Callable, indexed: Callable) -> None:
    root = indexed("shop")
    (root_cache(root) / FILE_NAME).write_text("once upon a time")
    assert listed(codearch)[str(root)]["store"] == "foreign"
    (root_cache(root) / FILE_NAME).unlink()
    assert listed(codearch)[str(root)]["store"] == "none"


# --- clearing ---------------------------------------------------------------------------------


def test_the_index_of_this_folder_is_removed_and_made_again(
    codearch: Callable, indexed: Callable
) -> None:
    root, other = indexed("shop"), indexed("other")
    ran = codearch("cache", "clear", "--json", cwd=root)
    fits(ClearForm, ran.json)
    assert [one["root"] for one in ran.json["removed"]] == [str(root)]
    assert set(listed(codearch)) == {str(other)}
    again = codearch("index", "--json", cwd=root).json
    assert again["parsed"] == again["files"] > 0, "the index is a cache: it is simply made again"


def test_named_roots_are_removed_also_where_they_are_gone(
    codearch: Callable, indexed: Callable
) -> None:
    roots = [indexed(name) for name in ("first", "second", "third")]
    shutil.rmtree(roots[1])
    ran = codearch("cache", "clear", roots[0], roots[1])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("removed ") == 2
    assert set(listed(codearch)) == {str(roots[2])}


def test_a_root_without_an_index_is_refused_and_nothing_is_removed(
    codearch: Callable, indexed: Callable, tmp_path: Path
) -> None:
    root = indexed("shop")
    ran = codearch("cache", "clear", root, tmp_path / "nowhere")
    assert (ran.code, "There is no index of" in ran.err) == (2, True)
    assert codearch("cache", "clear", "--all", "--gone").code == 2
    assert codearch("cache", "clear", "--older-than", "-1").code == 2
    assert set(listed(codearch)) == {str(root)}


def test_lost_roots_are_removed_and_the_others_stay(codearch: Callable, indexed: Callable) -> None:
    kept, lost = indexed("kept"), indexed("lost")
    shutil.rmtree(lost)
    assert "(the root is gone)" in codearch("cache", "list").out
    assert not listed(codearch)[str(lost)]["rootExists"]
    doctor = codearch("doctor", "--json", cwd=kept).json
    (check,) = [one for one in doctor["checks"] if one["name"] == "cache"]
    assert (check["state"], "--gone" in check["mend"]) == ("note", True)
    codearch("cache", "clear", "--gone")
    assert set(listed(codearch)) == {str(kept)}


def test_what_was_not_used_for_long_is_removed(codearch: Callable, indexed: Callable) -> None:
    old, new = indexed("old"), indexed("new")
    unused_for(old, 31)
    unused_for(new, 29)
    codearch("cache", "clear", "--older-than", "30")
    assert set(listed(codearch)) == {str(new)}


def test_what_is_in_use_stays_and_is_said(codearch: Callable, indexed: Callable) -> None:
    used, idle = indexed("used"), indexed("idle")
    with Client(used) as client:
        ran = codearch("cache", "clear", "--all", "--json")
        assert (ran.code, [one["root"] for one in ran.json["removed"]]) == (0, [str(idle)])
        assert [one["root"] for one in ran.json["inUse"]] == [str(used)]
        assert "in use by process" in ran.err
        assert "Close the editors" in ran.err
        assert codearch("cache", "clear", used).code == 3
        assert codearch("cache", "budget", "0").code == 0
        found = client.call("search", {"query": "value added", "limit": 1})
        assert found["hits"][0]["symbol"]["name"] == "value_added"
    assert codearch("cache", "clear", used).code == 0
    assert listed(codearch) == {}


def test_an_indexer_that_waits_for_a_next_client_is_not_use(
    codearch: Callable, indexed: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = indexed("shop")
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "600")
    assert codearch("index", cwd=root).code == 0
    assert listed(codearch)[str(root)]["inUse"]
    assert codearch("cache", "clear", cwd=root).code == 0
    assert listed(codearch) == {}


def test_unknown_files_stay_and_leftovers_go(
    codearch: Callable, indexed: Callable, cache: Path
) -> None:
    indexed("shop")
    (cache / "mine" / "deep").mkdir(parents=True)
    (cache / "mine" / "deep" / "letter.txt").write_text("keep me")
    (cache / ".removed-0123" / "vectors").mkdir(parents=True)
    (cache / ".removed-0123" / "vectors" / "part").touch()
    assert len(codearch("cache", "list", "--json").json["leftovers"]) == 1
    assert codearch("cache", "clear", "--all").code == 0
    assert (cache / "mine" / "deep" / "letter.txt").read_text() == "keep me"
    assert {entry.name for entry in cache.iterdir()} == {"mine"}


# --- the budget -------------------------------------------------------------------------------


def test_a_budget_is_set_shown_and_taken_back(codearch: Callable, tmp_path: Path) -> None:
    file = tmp_path / "config" / "codearch" / "codearch.toml"
    file.parent.mkdir(parents=True)
    file.write_text('# my own\n[log]\nlevel = "debug"  # for now\n')
    ran = codearch("cache", "budget", "--json")
    fits(BudgetForm, ran.json)
    assert ran.json["budget"] is None
    assert codearch("cache", "budget", "2.5GB").code == 0
    assert load_settings(tmp_path).settings.cache.budget_mb == 2500
    assert file.read_text().startswith('# my own\n[log]\nlevel = "debug"  # for now\n')
    assert "of 2,500.0 MB" in codearch("cache", "budget").out
    assert codearch("cache", "budget", "none", "--json").json["budget"] is None
    assert load_settings(tmp_path).settings.log.level == "debug"


@pytest.mark.parametrize("size", ["5 parsecs", "0.5kB", "much", "-1"])
def test_a_size_that_is_none_is_refused(codearch: Callable, size: str, tmp_path: Path) -> None:
    assert codearch("cache", "budget", size).code == 2
    assert not (tmp_path / "config").exists()


def test_the_environment_holds_over_the_file_and_that_is_said(
    codearch: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_BUDGET_MB", "70")
    ran = codearch("cache", "budget", "80", "--json")
    assert (ran.json["budget"], "environment" in ran.err) == (70_000_000, True)
    monkeypatch.setenv("CODEARCH_CACHE_BUDGET_MB", "none")
    assert codearch("cache", "budget", "--json").json["budget"] is None


def test_a_workspace_sets_no_budget(tmp_path: Path) -> None:
    (tmp_path / "codearch.toml").write_text("[cache]\nbudgetMb = 1\n")
    loaded = load_settings(tmp_path)
    assert loaded.settings.cache.budget_mb == "none"
    assert any("cache.budgetMb" in one.message for one in loaded.problems)


def test_lost_roots_go_first_then_the_ones_unused_for_longest(
    codearch: Callable, indexed: Callable
) -> None:
    roots = {name: indexed(name) for name in ("old", "newer", "lost", "newest")}
    for name, days in (("old", 30), ("newer", 20), ("lost", 1), ("newest", 2)):
        (root_cache(roots[name]) / "weight").write_bytes(bytes(1_000_000))
        unused_for(roots[name], days)
    shutil.rmtree(roots["lost"])
    kept = codearch("cache", "budget", "3", "--json").json
    assert [Path(one["root"]).name for one in kept["removed"]] == ["lost", "old"]
    assert set(listed(codearch)) == {str(roots["newer"]), str(roots["newest"])}
    spared = codearch("cache", "budget", "0", "--root", roots["newer"], "--json").json
    assert [Path(one["root"]).name for one in spared["removed"]] == ["newest"]


def test_an_indexer_keeps_to_the_budget_and_never_removes_its_own(
    codearch: Callable, indexed: Callable, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, used, idle = indexed("own"), indexed("used"), indexed("idle")
    with Client(used):
        monkeypatch.setenv("CODEARCH_CACHE_BUDGET_MB", "0")
        with Client(own) as client:
            wait_until(lambda: not root_cache(idle).exists())
            client.call("flush")
            status = codearch("status", "--json", cwd=own).json
            assert any("may take 0 MB" in one["message"] for one in status["problems"])
            assert status["health"] == "ok", "\n".join(one["message"] for one in status["problems"])
            assert "may take 0 MB" in codearch("doctor", cwd=own).out
        wait_until(lambda: left(own))
        assert set(listed(codearch)) == {str(own), str(used)}
    assert not list(cache.glob(".removed-*"))


# --- permissions ------------------------------------------------------------------------------


def test_a_cache_folder_that_is_a_file_is_said(codearch: Callable, cache: Path) -> None:
    cache.write_text("")
    ran = codearch("cache", "list")
    assert ran.code == 3
    assert f"The cache folder {cache} cannot be read" in ran.err


def test_others_are_kept_out_of_an_index(indexed: Callable) -> None:
    folder = root_cache(indexed("shop"))
    if sys.platform != "win32":
        folder.chmod(0o755)
        claimed_cache(folder.parent.parent / "shop")
        assert folder.stat().st_mode & 0o777 == 0o700


def without_rights(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as one whom permissions bind, which root is not."""
    bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*bound, sys.executable, "-m", "codearch", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CODEARCH_CACHE_DIR": str(home)},
    )


@pytest.mark.skipif(
    sys.platform == "win32" or (os.geteuid() == 0 and shutil.which("setpriv") is None),
    reason="permissions bind nobody here",
)
def test_a_cache_folder_in_which_nothing_may_be_written_is_said(tmp_path: Path) -> None:
    home = tmp_path / "locked"
    folder = home / "shop-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "root.txt").write_text("/srv/shop\n")
    for each, mode in ((folder, 0o555), (home, 0o555)):
        each.chmod(mode)
    try:
        shown = without_rights("cache", "list", home=home)
        assert (shown.returncode, "/srv/shop" in shown.stdout) == (0, True)
        for command in (("clear", "--all"), ("budget", "0")):
            ran = without_rights("cache", *command, home=home)
            assert ran.returncode == 3
            assert "Permission denied" in ran.stderr
            assert "Traceback" not in ran.stderr
            assert len(ran.stderr.splitlines()) == 1
        home.chmod(0o000)
        hidden = without_rights("cache", "list", home=home)
        assert (hidden.returncode, "cannot be read: Permission" in hidden.stderr) == (3, True)
    finally:
        home.chmod(0o755)
        folder.chmod(0o755)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can make such a folder"
)
def test_a_folder_that_somebody_else_has_put_there_is_refused() -> None:
    with tempfile.TemporaryDirectory(prefix="codearch-shared-") as shared:
        Path(shared).chmod(0o777)
        environment = {"CODEARCH_CACHE_DIR": shared}
        os.chown(claimed_cache(Path("/usr"), environment), 4242, 4242)
        os.seteuid(4243)
        try:
            with pytest.raises(StoreError, match="belongs to another user"):
                claimed_cache(Path("/usr"), environment)
        finally:
            os.seteuid(0)
