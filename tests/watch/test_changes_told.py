"""Every way in which files change is told; what is ignored is not."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from watching import DEADLINE_S, QUICK

from codearch.index.ignore import Ignore
from codearch.watch import Watcher
from patience import wait_until

# Watchdog's recursive observer warns of this about itself.
pytestmark = pytest.mark.filterwarnings("ignore:Callback with id")


def test_created_modified_and_deleted_files(workspace, watch):
    workspace.write("old.py", "1\n")
    workspace.write("pkg/gone.py", "1\n")
    with watch(workspace.root) as told:
        workspace.write("new.py", "1\n")
        workspace.write("old.py", "2\n")
        (workspace.root / "pkg" / "gone.py").unlink()
        assert told.everything() >= {"new.py", "old.py", "pkg/gone.py"}
        told.forget()
        with (workspace.root / "old.py").open("a") as file:
            file.write("3\n")
        assert "old.py" in told.everything()


def test_file_saved_as_editors_do(workspace, watch):
    """Written beside, then renamed over the old one."""
    workspace.write("a.py", "1\n")
    with watch(workspace.root) as told:
        workspace.write(".a.py.swp", "2\n").replace(workspace.root / "a.py")
        assert "a.py" in told.everything()


def test_renamed_file(workspace, watch):
    workspace.write("old.py")
    (workspace.root / "pkg").mkdir()
    with watch(workspace.root) as told:
        (workspace.root / "old.py").rename(workspace.root / "pkg" / "new.py")
        assert told.everything() >= {"old.py", "pkg/new.py"}


def test_new_folders_are_watched_at_once(workspace, watch):
    with watch(workspace.root) as told:
        for number in range(30):
            workspace.write(f"deep/{number}/and/deeper/a.py", "1\n")
        expected = {f"deep/{number}/and/deeper/a.py" for number in range(30)}
        told.until(lambda: told.paths >= expected)
        told.forget()
        workspace.write("deep/7/and/deeper/b.py")
        assert "deep/7/and/deeper/b.py" in told.everything()


def test_folder_moved_in_within_and_out(workspace, watch, tmp_path):
    (tmp_path / "outside" / "sub").mkdir(parents=True)
    (tmp_path / "outside" / "sub" / "a.py").write_text("1\n")
    with watch(workspace.root) as told:
        (tmp_path / "outside").rename(workspace.root / "inside")
        told.until(lambda: "inside/sub/a.py" in told.paths)
        told.forget()
        (workspace.root / "inside").rename(workspace.root / "moved")
        told.until(lambda: told.paths >= {"inside", "moved/sub/a.py"})
        told.forget()
        workspace.write("moved/sub/a.py", "2\n")
        assert "moved/sub/a.py" in told.everything()
        (workspace.root / "moved").rename(tmp_path / "away")
        told.until(lambda: "moved" in told.paths)


def test_deleted_tree_and_its_successor(workspace, watch):
    workspace.write("pkg/sub/a.py")
    with watch(workspace.root) as told:
        (workspace.root / "pkg" / "sub" / "a.py").unlink()
        (workspace.root / "pkg" / "sub").rmdir()
        (workspace.root / "pkg").rmdir()
        told.until(lambda: told.paths >= {"pkg/sub/a.py", "pkg"})
        told.forget()
        workspace.write("pkg/sub/b.py")
        told.until(lambda: "pkg/sub/b.py" in told.paths)
        told.forget()
        workspace.write("pkg/sub/b.py", "more")
        assert "pkg/sub/b.py" in told.everything()


def test_what_is_ignored_is_not_told(repository, watch):
    repository.write(".gitignore", "build/\n*.log\n")
    (repository.root / "build" / "sub").mkdir(parents=True)
    with watch(repository.root, patterns=["*.sql"]) as told:
        repository.write("build/a.py")
        repository.write("build/sub/b.py")
        repository.write("a.log")
        repository.write("schema.sql")
        (repository.root / "node" / "build").mkdir(parents=True)
        repository.write("node/build/c.py")
        repository.write("node/d.py")
        told.until(lambda: "node/d.py" in told.paths)
        assert {path for path in told.everything() if path != "node"} == {"node/d.py"}


def test_tracked_file_in_an_ignored_folder_is_told(repository, watch):
    repository.write(".gitignore", "lib/\n")
    repository.write("lib/kept/a.py")
    repository.git("add", "-f", "lib/kept/a.py")
    with watch(repository.root) as told:
        repository.write("lib/kept/a.py", "2\n")
        repository.write("lib/kept/b.py", "2\n")
        assert told.everything() == {"lib/kept/a.py"}


def test_own_reading_makes_no_events(workspace, watch):
    file = workspace.write("a.py", "1\n")
    with watch(workspace.root) as told:
        for _ in range(5):
            file.read_text()
            list(workspace.root.iterdir())
        assert told.everything() == set()


def test_changed_rules_ask_to_reconcile(workspace, watch):
    workspace.write("pkg/a.log", "1\n")
    workspace.write("pkg/sub/b.py", "1\n")
    with watch(workspace.root) as told:
        workspace.write("pkg/.gitignore", "*.log\nsub/\n")
        told.until(lambda: told.reconcile)
        told.forget()
        workspace.write("pkg/a.log", "2\n")
        workspace.write("pkg/sub/b.py", "2\n")
        assert told.everything() == set()
        (workspace.root / "pkg" / ".gitignore").unlink()
        told.until(lambda: told.reconcile)
        told.forget()
        workspace.write("pkg/a.log", "3\n")
        workspace.write("pkg/sub/b.py", "3\n")
        assert told.everything() >= {"pkg/a.log", "pkg/sub/b.py"}


def test_changed_settings_hold_for_the_watches_too(workspace, watch):
    workspace.write("data/a.py")
    with watch(workspace.root, patterns=["data/"]) as told:
        workspace.write("data/a.py", "1\n")
        assert told.everything() == set()
        told.ignore.configure(["*.sql"], {"**/legacy": True})
        told.watcher.rules_changed()
        told.until(lambda: told.reconcile)
        workspace.write("data/a.py", "2\n")
        workspace.write("legacy/b.py")
        workspace.write("data/c.sql")
        assert told.everything() - {"legacy"} == {"data/a.py"}


def test_commits_switches_and_staging_are_told(repository, watch):
    repository.write("a.py", "1\n")
    repository.commit("first")
    with watch(repository.root) as told:
        repository.git("branch", "topic/one")
        told.until(lambda: told.git_changed)
        told.forget()
        repository.git("checkout", "-q", "topic/one")
        told.until(lambda: told.git_changed)
        told.forget()
        repository.write("a.py", "2\n")
        repository.git("add", "a.py")
        told.until(lambda: told.git_changed)
        told.forget()
        repository.commit("second")
        told.until(lambda: told.git_changed)
        assert not any(path.startswith(".git") for path in told.everything())


def test_git_of_a_linked_working_tree_is_watched(repository, watch):
    repository.write("a.py", "1\n")
    repository.commit("first")
    repository.git("worktree", "add", "-q", "../linked")
    linked = type(repository)(repository.root.parent / "linked")
    with watch(linked.root) as told:
        linked.git("checkout", "-q", "-b", "other")
        told.until(lambda: told.git_changed)
        told.forget()
        linked.commit("second")
        told.until(lambda: told.git_changed)


def test_repository_that_begins_later(workspace, watch):
    workspace.write("a.py", "1\n")
    with watch(workspace.root) as told:
        workspace.git("init", "-q")
        told.until(lambda: told.reconcile and told.git_changed)
        told.forget()
        workspace.commit("first")
        told.until(lambda: told.git_changed)
        workspace.write(".git/info/exclude", "*.log\n")
        told.until(lambda: told.reconcile)
        told.forget()
        workspace.write("a.log")
        assert told.everything() == set()


def test_file_added_to_git_against_the_rules(repository, watch):
    repository.write(".gitignore", "lib/\n")
    repository.write("lib/a.py", "1\n")
    with watch(repository.root) as told:
        repository.git("add", "-f", "lib/a.py")
        told.until(lambda: told.reconcile)
        told.forget()
        repository.write("lib/a.py", "2\n")
        assert "lib/a.py" in told.everything()


def test_many_changes_at_once_ask_to_reconcile(workspace, watch):
    with watch(
        workspace.root, pace=QUICK._replace(quiet_ms=300, longest_ms=2000, burst=50)
    ) as told:
        for number in range(200):
            workspace.write(f"f{number}.py")
        told.until(lambda: told.reconcile)
        assert all(len(batch.paths) <= 50 for batch in told.batches)


def test_burst_is_one_batch(workspace, watch):
    with watch(workspace.root, pace=QUICK._replace(quiet_ms=300, longest_ms=5000)) as told:
        for number in range(100):
            workspace.write(f"f{number}.py")
        told.until(lambda: "f99.py" in told.paths)
        assert len([batch for batch in told.batches if batch.paths]) == 1


def test_root_that_goes_and_comes_back(workspace, watch):
    workspace.write("a.py")
    away = workspace.root.with_name("away")
    with watch(workspace.root) as told:
        workspace.root.rename(away)
        told.until(lambda: told.reconcile)
        told.batches.clear()
        workspace.write("b.py")
        told.until(lambda: told.reconcile)
        told.forget()
        workspace.write("c.py")
        assert "c.py" in told.everything()


def test_root_that_is_made_later(tmp_path, watch):
    root = tmp_path / "later"
    with watch(root) as told:
        root.mkdir()
        (root / "a.py").write_text("1\n")
        told.until(lambda: told.reconcile)
        told.forget()
        (root / "b.py").write_text("1\n")
        assert "b.py" in told.everything()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
def test_links_are_not_followed_and_odd_files_do_no_harm(workspace, watch, tmp_path):
    (tmp_path / "outside").mkdir()
    (workspace.root / "linked").symlink_to(tmp_path / "outside")
    (workspace.root / "circle").symlink_to(workspace.root)
    with watch(workspace.root) as told:
        (tmp_path / "outside" / "a.py").write_text("1\n")
        os.mkfifo(workspace.root / "pipe")
        if sys.platform == "linux":
            (workspace.root / os.fsdecode(b"caf\xe9.py")).write_text("1\n")
        (workspace.root / "late").symlink_to(tmp_path / "outside")
        assert told.everything() <= {"pipe", "late"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system tells some time later")
def test_changes_are_pending_from_the_moment_they_are_made_until_they_are_told(workspace):
    """Whoever asks in between must not be told that nothing has changed."""
    told, holding, go_on = [], threading.Event(), threading.Event()

    def take(batch):
        holding.set()
        assert go_on.wait(DEADLINE_S)
        told.append(batch)

    watcher = Watcher(workspace.root, Ignore(workspace.root), take, pace=QUICK)
    watcher.start()
    try:
        for number in range(50):
            workspace.write(f"pkg{number}/a.py", "1\n")
            assert watcher.pending
        assert holding.wait(DEADLINE_S)
        assert watcher.pending
        go_on.set()
        wait_until(lambda: not watcher.pending)
        assert {path for batch in told for path in batch.paths} >= {"pkg0/a.py", "pkg49/a.py"}
    finally:
        go_on.set()
        watcher.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
def test_nothing_stays_pending(workspace, watch):
    with watch(workspace.root) as told:
        workspace.write("a.py", "1\n")
        (workspace.root / os.fsdecode(b"odd\xff")).symlink_to("a.py")
        assert told.everything()
        wait_until(lambda: not told.watcher.pending)


def test_stop_ends_everything(workspace, watch):
    before = threading.active_count()
    with watch(workspace.root) as told:
        workspace.write("a.py")
        told.until(lambda: "a.py" in told.paths)
    assert threading.active_count() <= before
    told.batches.clear()
    workspace.write("b.py")
    assert told.batches == []


def test_stopping_from_within_a_batch(workspace):
    done = threading.Event()

    def stop(batch):
        watcher.stop()
        done.set()

    watcher = Watcher(workspace.root, Ignore(workspace.root), stop)
    watcher.start()
    workspace.write("a.py")
    assert done.wait(20)
