"""Git is run so that nothing of the repository runs, and its refusals come with a mend."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys

import pytest

from codearch.errors import GitError
from codearch.history import blame, find_git, git, head, repository_of, touched
from codearch.index.ignore import Ignore
from codearch.index.listing import listing
from history.reading import history_of

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")


@pytest.fixture
def trap(tmp_path):
    """A program that leaves a trace when it runs, and answers as little as possible."""
    trace = tmp_path / "trace"
    program = tmp_path / "trap.sh"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{trace}"\nexit 0\n')
    program.chmod(0o755)
    return program, trace


def history_of_everything(root):
    """Ask all that the product ever asks of git; errors are allowed, running programs is not."""
    first = "HEAD~1"
    for ask in (
        lambda: head(root),
        lambda: touched(root, first, "HEAD"),
        lambda: history_of(root),
        lambda: blame(root, "a.py"),
        lambda: listing(root, Ignore(root)),
    ):
        with contextlib.suppress(GitError):
            ask()


@pytest.fixture
def hostile(repository, trap):
    """A repository whose configuration and attributes name programs wherever git knows a place."""
    program, _ = trap
    repository.write("a.py", "x = 1\n")
    repository.write("b.bin", b"\0\1")
    repository.commit("first")
    repository.write("a.py", "x = 2\n")
    repository.write(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    repository.commit("second")
    repository.write("a.py", "x = 3\n")
    for key in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass",
        "core.gitProxy", "core.alternateRefsCommand", "credential.helper", "diff.external",
        "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge",
        "filter.evil.process", "merge.evil.driver", "gpg.program", "gpg.openpgp.program",
        "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "interactive.diffFilter",
        "uploadpack.packObjectsHook", "sequence.editor", "pager.log", "pager.blame",
        "pager.ls-files", "pager.config", "remote.origin.uploadpack", "log.showSignature",
    ):  # fmt: skip
        value = "true" if key == "log.showSignature" else str(program)
        repository.git("config", key, value)
    for name in ("log", "blame", "ls-files", "rev-parse", "merge-base", "ls-tree", "cat-file"):
        repository.git("config", f"alias.{name}", f"!{program}")
    hooks = repository.root / ".git" / "hooks"
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (hooks / hook).write_bytes(program.read_bytes())
        (hooks / hook).chmod(0o755)
    repository.git("config", "core.hooksPath", str(hooks))
    return repository


@POSIX
def test_hostile_configuration_runs_nothing(hostile, trap):
    history_of_everything(hostile.root)
    _, trace = trap
    assert not trace.exists(), trace.read_text()


@POSIX
def test_the_trap_works(hostile, trap):
    """The same repository does run programs for a careless caller."""
    _, trace = trap
    subprocess.run(["git", "status"], cwd=hostile.root, capture_output=True, check=False)
    assert trace.exists()


@POSIX
def test_answers_are_right_all_the_same(hostile):
    found = listing(hostile.root, Ignore(hostile.root))
    assert {entry.path for entry in found.entries} == {"a.py", "b.bin", ".gitattributes"}
    assert [
        commit and commit.subject for commit in blame(hostile.root, "a.py").align(b"x = 2\n")
    ] == ["second", None]
    assert history_of(hostile.root)["a.py"].commits == 2


@POSIX
@pytest.mark.parametrize(
    "url", ["ext::{program} %S", "ssh://host/repo", "{folder}", "http://127.0.0.1:1/"]
)
def test_partial_clone_fetches_nothing(repository, trap, tmp_path, url):
    """A missing object makes git fetch it from the promisor remote: by a program, from afar."""
    program, trace = trap
    repository.write("a.py", "x = 1\n")
    repository.commit("first")
    repository.write("a.py", "x = 2\n")
    repository.commit("second")
    blob = repository.git("rev-parse", "HEAD~1:a.py").strip()
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    other = tmp_path / "other"
    other.mkdir()
    for key, value in (
        ("remote.origin.url", url.format(program=program, folder=other)),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "blob:none"),
        ("remote.origin.uploadpack", str(program)),
        ("core.sshCommand", str(program)),
        ("protocol.ext.allow", "always"),
        ("protocol.file.allow", "always"),
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
    ):
        repository.git("config", key, value)
    history_of_everything(repository.root)
    assert not trace.exists(), trace.read_text()


def test_work_tree_of_the_configuration_is_not_believed(repository, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.py").write_text("key = 1\n")
    repository.write("a.py", "x = 1\n")
    repository.commit("first")
    repository.git("config", "core.worktree", str(elsewhere))
    found = listing(repository.root, Ignore(repository.root))
    assert {entry.path for entry in found.entries} == {"a.py"}


@POSIX
def test_git_of_the_workspace_is_not_run(repository, trap, monkeypatch):
    program, trace = trap
    for folder in ("", "bin"):
        place = repository.root / folder / "git"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(program.read_bytes())
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
    usual = os.environ["PATH"]
    inside = [".", "", str(repository.root), str(repository.root / "bin")]
    monkeypatch.setenv("PATH", os.pathsep.join([*inside, usual]))
    monkeypatch.chdir(repository.root)
    found = find_git(repository.root)
    assert found is not None
    assert not found.startswith(str(repository.root))
    assert head(repository.root) is None
    assert not trace.exists()
    monkeypatch.setenv("PATH", os.pathsep.join(inside))
    assert find_git(repository.root) is None


def test_environment_of_a_hook_leads_nowhere(repository, tmp_path, monkeypatch):
    """Started from a git hook, the variables of that other repository are set."""
    repository.write("a.py")
    here = repository.commit("first")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere" / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert head(repository.root) == here
    assert b"a.py" in git(repository.root, "ls-files")


def test_index_is_not_written(repository):
    file = repository.write("a.py", "x = 1\n")
    repository.commit("first")
    os.utime(file, (1, 1))  # what makes git want to refresh its index
    index = repository.root / ".git" / "index"
    before = index.stat().st_mtime_ns, index.read_bytes()
    history_of_everything(repository.root)
    assert (index.stat().st_mtime_ns, index.read_bytes()) == before


def test_head_before_and_after_the_first_commit(repository):
    assert head(repository.root) is None
    repository.write("a.py")
    first = repository.commit("first")
    assert head(repository.root) == first


def test_touched_paths_between_two_commits(repository):
    repository.write("a.py", "1\n")
    repository.write("pkg/b.py", "1\n")
    old = repository.commit("first")
    repository.write("pkg/b.py", "2\n")
    repository.write("c d.py", "1\n")
    repository.commit("second")
    (repository.root / "c d.py").unlink()
    new = repository.commit("third")
    assert touched(repository.root, old, new) == {"pkg/b.py", "c d.py"}
    assert touched(repository.root / "pkg", old, new) == {"b.py"}
    assert touched(repository.root, new, new) == frozenset()
    assert touched(repository.root, new, old) == {"pkg/b.py", "c d.py"}
    assert touched(repository.root, "0" * 40, new) is None


def test_touched_paths_between_two_branches_and_an_amended_commit(repository):
    repository.write("a.py", "1\n")
    repository.write("b.py", "1\n")
    first = repository.commit("first")
    repository.write("a.py", "2\n")
    old = repository.commit("on one branch")
    repository.git("checkout", "-q", "-b", "other", first)
    repository.write("b.py", "2\n")
    new = repository.commit("on the other")
    assert touched(repository.root, old, new) == {"a.py", "b.py"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    repository.git(*who, "commit", "-q", "--amend", "-m", "on the other, in other words")
    assert touched(repository.root, new, "HEAD") == {"b.py"}


def test_folder_without_repository(workspace):
    assert repository_of(workspace.root) is None
    with pytest.raises(GitError, match="in no git repository"):
        head(workspace.root)


def test_broken_repository_is_none(repository):
    inner = repository.root / "inner"
    (inner / ".git").mkdir(parents=True)
    found = repository_of(inner)
    assert found is not None
    assert found.top == repository.root
    (repository.root / ".git" / "HEAD").write_text("nonsense")
    with pytest.raises(GitError):
        head(repository.root)


def test_no_git_at_all(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="Install git") as caught:
        head(repository.root)
    assert caught.value.mend


@POSIX
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root can give away")
def test_repository_of_somebody_else(repository):
    repository.write("a.py")
    repository.commit("first")
    try:
        for place in [repository.root, *repository.root.rglob("*")]:
            os.chown(place, 65534, 65534)
    except OSError:
        pytest.skip("a namespace with one user alone")
    with pytest.raises(GitError, match="belongs to another user") as caught:
        head(repository.root)
    assert f'safe.directory "{repository.root}"' in caught.value.mend
    found = listing(repository.root, Ignore(repository.root))
    assert [entry.path for entry in found.entries] == ["a.py"]
    assert found.problem is not None
    assert found.problem.mend == caught.value.mend


def test_command_that_takes_too_long(repository):
    with pytest.raises(GitError, match=r"took longer than 0 s"):
        git(repository.root, "log", timeout_s=0)


def test_linked_working_tree(repository):
    repository.write("a.py")
    repository.commit("first")
    repository.git("worktree", "add", "-q", "../linked")
    linked = repository_of(repository.root.parent / "linked")
    main = repository_of(repository.root)
    assert linked is not None
    assert main is not None
    assert linked.common_dir == main.common_dir == main.git_dir
    assert linked.git_dir != main.git_dir
    assert not linked.shallow
