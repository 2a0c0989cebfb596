"""Whatever git does to the files, the index follows by itself, and says when it has not yet."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache
from freshness.conftest import module
from freshness.following import Following, differences
from patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace


def fails(project: Workspace, *arguments: str) -> None:
    """Run git where it stops, at a conflict say."""
    done = subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, check=False)
    assert done.returncode


def checkout(project: Workspace, settle: Callable[[], object]) -> None:
    project.git("checkout", "-q", "side")
    settle()
    project.git("checkout", "-q", "main")


def rebase(project: Workspace, settle: Callable[[], object]) -> None:
    project.write("pkg0/m4.py", module(4, "mine"))
    project.commit("mine")
    project.write("pkg0/own.py", module(5, "mine"))
    project.commit("more of mine")
    settle()
    project.git("rebase", "-q", "side")


def stopped_rebase(project: Workspace, settle: Callable[[], object]) -> None:
    project.write("pkg0/m0.py", module(0, "mine"))
    project.commit("mine")
    fails(project, "rebase", "-q", "side")
    settle()
    project.git("rebase", "--abort")


def stash(project: Workspace, settle: Callable[[], object]) -> None:
    project.write("pkg0/m0.py", module(0, "mine"))
    project.write("pkg0/own.py", module(5, "mine"))
    settle()
    project.git("stash", "push", "-q", "-u")
    settle()
    project.git("stash", "pop", "-q")


def merge_with_conflicts(project: Workspace, settle: Callable[[], object]) -> None:
    project.write("pkg0/m0.py", module(0, "mine"))
    project.commit("mine")
    settle()
    fails(project, "merge", "-q", "side")
    assert "<<<<<<<" in (project.root / "pkg0" / "m0.py").read_text()
    settle()
    project.write("pkg0/m0.py", module(0, "both"))
    project.commit("merged")


def reset(project: Workspace, settle: Callable[[], object]) -> None:
    project.git("checkout", "-q", "side")
    project.write("pkg0/m0.py", module(0, "mine"))
    settle()
    project.git("reset", "-q", "--hard", "HEAD~1")


def mixed_reset(project: Workspace, settle: Callable[[], object]) -> None:
    """It moves HEAD and the index, and no file."""
    project.git("checkout", "-q", "side")
    settle()
    project.git("reset", "-q", "HEAD~1")


def clean(project: Workspace, settle: Callable[[], object]) -> None:
    project.write("pkg0/own.py", module(5, "mine"))
    project.write("other/own.py", module(6, "mine"))
    settle()
    project.git("clean", "-fdq")


def worktree_inside(project: Workspace, settle: Callable[[], object]) -> None:
    """Another working tree inside this one doubles nothing."""
    project.git("worktree", "add", "-q", "trees/other", "side")
    settle()
    project.git("worktree", "remove", "trees/other")


def submodule(project: Workspace, settle: Callable[[], object]) -> None:
    home = project.root.parent / "library"
    project.git("clone", "-q", str(project.root), str(home))
    project.git("branch", "side", "origin/side", folder=str(home))
    add = ("submodule", "--quiet", "add", str(home), "vendor/library")
    project.git("-c", "protocol.file.allow=always", *add)
    settle()
    project.commit("with a library")
    settle()
    project.git("checkout", "-q", "origin/side", folder="vendor/library")
    settle()
    project.git("submodule", "--quiet", "update", "--force", "vendor/library")
    settle()
    project.git("submodule", "--quiet", "deinit", "--force", "vendor/library")


def submodule_with_its_own_rules(project: Workspace, settle: Callable[[], object]) -> None:
    """What is added against them counts, and so does an exclusion of its own."""
    home = project.root.parent / "library"
    project.git("clone", "-q", str(project.root), str(home))
    add = ("submodule", "--quiet", "add", str(home), "vendor/library")
    project.git("-c", "protocol.file.allow=always", *add)
    project.write(".git/modules/vendor/library/info/exclude", "*.gen.py\n")
    settle()
    project.write("vendor/library/made.gen.py", module(3))
    project.git("add", "-f", "made.gen.py", folder="vendor/library")


def sparse(project: Workspace, settle: Callable[[], object]) -> None:
    project.git("sparse-checkout", "set", "pkg0", "pkg1")
    assert not (project.root / "pkg2").exists()
    settle()
    project.git("sparse-checkout", "disable")


def collect_garbage(project: Workspace, settle: Callable[[], object]) -> None:
    project.git("gc", "-q", "--prune=now")
    settle()
    project.git("checkout", "-q", "side")


def case_only_rename(project: Workspace, settle: Callable[[], object]) -> None:
    project.git("mv", "pkg0/m0.py", "pkg0/M0.py")
    settle()
    (project.root / "pkg3").rename(project.root / "Pkg3")


def atomic_save(project: Workspace, settle: Callable[[], object]) -> None:
    """Written beside and renamed over; and the old one moved away, written anew, removed."""
    file = project.root / "pkg0" / "m0.py"
    project.write("pkg0/.m0.py.tmp", module(0, "beside")).replace(file)
    settle()
    aside = file.with_name("m0.py~")
    file.rename(aside)
    file.write_text(module(0, "anew"))
    aside.unlink()


def same_time_and_size(project: Workspace, settle: Callable[[], object]) -> None:
    file = project.root / "pkg0" / "m0.py"
    state = file.stat()
    file.write_text(file.read_text().replace("main", "niam"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)


def repository_made_anew(project: Workspace, settle: Callable[[], object]) -> None:
    (project.root / ".git").rename(project.root.parent / "old.git")
    settle()
    project.git("init", "-q")
    project.write(".gitignore", "*.md\n")
    settle()
    project.write("pkg0/own.py", module(7))


OPERATIONS = (
    checkout, rebase, stopped_rebase, stash, merge_with_conflicts, reset, mixed_reset, clean,
    worktree_inside, submodule, submodule_with_its_own_rules, sparse, collect_garbage,
    case_only_rename, atomic_save, same_time_and_size, repository_made_anew,
)  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
def test_index_follows(project: Workspace, following: Following, operation: Callable) -> None:
    operation(project, following.settle)
    following.settle()


def test_linked_working_tree_is_followed_as_a_root(project: Workspace) -> None:
    project.git("worktree", "add", "-q", "../linked", "side")
    with Following(project.root.parent / "linked") as following:
        following.settle()
        project.git("checkout", "-q", "--detach", "main", folder="../linked")
        following.settle()


def gone(root: Path) -> None:
    endpoint = read_endpoint(root_cache(root))
    if endpoint is not None:
        psutil.Process(endpoint.pid).wait(PATIENCE_SECONDS)


def test_head_moved_while_nothing_ran(project: Workspace) -> None:
    with Following(project.root) as following:
        following.client.call("flush")
    gone(project.root)
    project.git("checkout", "-q", "side")
    assert differences(project.root)
    with Following(project.root) as following:
        following.settle()


def test_file_of_same_time_and_size_changed_while_nothing_ran(project: Workspace) -> None:
    os.utime(project.root / "pkg0" / "m0.py", (1_700_000_000, 1_700_000_000))
    with Following(project.root) as following:
        following.client.call("flush")
    gone(project.root)
    same_time_and_size(project, lambda: None)
    with Following(project.root) as following:
        following.settle()
