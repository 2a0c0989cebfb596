"""What is listed: git's files or a walk's, and nothing that could stop or mislead the rest."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from codearch.index.content import Source, read
from codearch.index.ignore import Ignore
from codearch.index.listing import listing

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def paths(found):
    return {entry.path for entry in found.entries}


def list_root(workspace, *patterns, max_file_kb=1024, globs=None):
    return listing(workspace.root, Ignore(workspace.root, patterns, globs), max_file_kb)


@contextlib.contextmanager
def unprivileged():
    """Be somebody to whom files can be closed: root may read everything."""
    if os.geteuid():
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("a namespace with one user alone")
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder():
    """A folder that everybody can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(params=["git", "walk"])
def either(request, workspace):
    """A workspace with and without a repository: both are listed by the same rules."""
    if request.param == "git":
        workspace.git("init", "-q")
    return workspace


def test_files_that_are_not_ignored(either):
    for path in ("main.py", ".github/workflows/ci.yml", "docs/guide.md", "src/a b/é.rs", ".env"):
        either.write(path, "text")
    either.write(".gitignore", "build/\n*.log\n!keep.log\n")
    either.write("src/.gitignore", "*.tmp\n")
    for path in ("build/out.py", "a.log", "keep.log", "src/x.tmp", "x.tmp"):
        either.write(path, "text")
    assert paths(list_root(either)) == {
        "main.py", ".github/workflows/ci.yml", "docs/guide.md", "src/a b/é.rs", ".env",
        ".gitignore", "src/.gitignore", "keep.log", "x.tmp",
    }  # fmt: skip


def test_entry_tells_size_time_and_any_other_change(either):
    file = either.write("a.py", "x = 1\n")
    (entry,) = list_root(either).entries
    status = file.stat()
    assert entry[:3] == ("a.py", 6, status.st_mtime_ns)
    assert list_root(either).entries == [entry]
    file.write_text("x = 2\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    while os.name != "nt" and file.stat().st_ctime_ns == status.st_ctime_ns:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # within one tick of the clock
    (later,) = list_root(either).entries
    assert later[:3] == entry[:3]
    assert later != entry or os.name == "nt"


def test_what_is_left_out_has_a_reason(either):
    either.write("app.min.js", "x")
    either.write("main.bundle.js", "x")
    either.write("Cargo.lock", "x")
    either.write("web/package-lock.json", "{}")
    either.write("logo.png", b"\x89PNG" * 2000)
    either.write("data.json", "x" * 5000)
    either.write("fixtures/a/b.py")
    either.write("fixtures/c.py")
    either.write("legacy/old.py")
    either.write("schema.sql")
    either.write("kept.py")
    either.write(".codearchignore", "fixtures/\n")
    found = list_root(either, "*.sql", max_file_kb=4, globs={"**/legacy": True})
    assert paths(found) == {"kept.py", ".codearchignore"}
    assert found.skipped == {
        "app.min.js": "minified",
        "main.bundle.js": "bundle",
        "Cargo.lock": "lock file",
        "web/package-lock.json": "lock file",
        "logo.png": "binary",
        "data.json": "too large",
        "fixtures": "excluded",
        "legacy": "excluded",
        "schema.sql": "excluded",
    }
    assert found.counts == {
        "minified": 1, "bundle": 1, "lock file": 2, "binary": 1, "too large": 1, "excluded": 3,
    }  # fmt: skip


@POSIX
def test_links_are_not_followed(either, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.py").write_text("key = 1")
    either.write("pkg/a.py")
    (either.root / "outwards").symlink_to(tmp_path / "secret")
    (either.root / "circle").symlink_to(either.root)
    (either.root / "pkg" / "up").symlink_to("..")
    (either.root / "key.py").symlink_to(tmp_path / "secret" / "key.py")
    (either.root / "dangling.py").symlink_to("nowhere")
    (either.root / "self.py").symlink_to("self.py")
    found = list_root(either)
    assert paths(found) == {"pkg/a.py"}
    assert set(found.skipped.values()) == {"link"}
    assert len(found.skipped) == 6


@POSIX
def test_tracked_folder_replaced_by_a_link_is_not_followed(repository, tmp_path):
    repository.write("pkg/deep/a.py")
    repository.write("b.py")
    repository.commit("first")
    (repository.root / "pkg").rename(tmp_path / "moved")
    (repository.root / "pkg").symlink_to(tmp_path / "moved")
    found = list_root(repository)
    assert paths(found) == {"b.py"}
    assert found.skipped == {"pkg": "link"}


@POSIX
def test_pipes_sockets_and_folders_named_like_files(either):
    either.write("a.py")
    either.write("folder.py/inner.py")
    os.mkfifo(either.root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a socket is short by law.
        descriptor = os.open(either.root, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{descriptor}/socket.py")
        os.close(descriptor)
        found = list_root(either)
    assert paths(found) == {"a.py", "folder.py/inner.py"}
    assert set(found.skipped.values()) <= {"not a file"}


@POSIX
def test_tracked_file_replaced_by_a_pipe_or_a_folder(repository):
    for name in ("pipe.py", "folder.py", "gone.py", "a.py"):
        repository.write(name)
    repository.commit("first")
    for name in ("pipe.py", "folder.py", "gone.py"):
        (repository.root / name).unlink()
    os.mkfifo(repository.root / "pipe.py")
    repository.write("folder.py/inner.py")
    found = list_root(repository)
    assert paths(found) == {"a.py", "folder.py/inner.py"}
    assert found.skipped == {"pipe.py": "not a file"}


@POSIX
def test_folder_and_file_that_cannot_be_read(public_folder):
    for name in ("open", "closed"):
        (public_folder / name).mkdir()
        (public_folder / name / "a.py").write_text("x = 1\n")
    (public_folder / "secret.py").write_text("x = 1\n")
    (public_folder / "secret.py").chmod(0)
    (public_folder / "closed").chmod(0)
    with unprivileged():
        found = listing(public_folder, Ignore(public_folder))
        read_closed = read(public_folder, "closed/a.py")
        read_secret = read(public_folder, "secret.py")
        read_open = read(public_folder, "open/a.py")
    (public_folder / "closed").chmod(0o755)
    assert paths(found) == {"open/a.py", "secret.py"}
    assert found.skipped == {"closed": "unreadable"}
    assert (read_closed, read_secret) == ("unreadable", "unreadable")
    assert isinstance(read_open, Source)


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="its file system refuses such names")
def test_name_that_is_no_utf8(either):
    either.write("a.py")
    (either.root / os.fsdecode(b"caf\xe9.py")).write_text("x")
    found = list_root(either)
    assert paths(found) == {"a.py"}
    assert found.skipped == {"caf\\udce9.py": "name not UTF-8"}


def test_submodules_and_nested_repositories_are_parts_of_the_workspace(repository, tmp_path):
    library = type(repository)(tmp_path / "library")
    library.write("lib.py")
    library.write(".gitignore", "*.tmp\n")
    library.git("init", "-q")
    library.commit("library")
    repository.write(".gitignore", "*.log\n")
    repository.write("main.py")
    allowed = ("-c", "protocol.file.allow=always")
    repository.git(*allowed, "submodule", "--quiet", "add", str(library.root), "vendor/library")
    repository.write("vendor/library/new.py")
    repository.write("vendor/library/x.tmp")
    repository.commit("all")
    repository.write("nested/deep.py")
    repository.write("nested/a.log")
    repository.git("init", "-q", folder="nested")
    expected = {
        ".gitignore", ".gitmodules", "main.py", "vendor/library/lib.py", "vendor/library/new.py",
        "vendor/library/.gitignore", "nested/deep.py", "nested/a.log",
    }  # fmt: skip
    assert paths(list_root(repository)) == expected
    (repository.root / ".git" / "index").write_bytes(b"broken")
    walked = list_root(repository)
    assert walked.problem is not None
    assert paths(walked) == expected


def test_submodule_that_is_not_checked_out_holds_nothing(repository):
    repository.write("main.py")
    hash_of_nothing = repository.commit("first")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{hash_of_nothing},sub")
    (repository.root / "sub").mkdir()
    assert paths(list_root(repository)) == {"main.py"}


def test_other_working_tree_inside_is_not_listed_twice(repository):
    repository.write("main.py")
    repository.commit("first")
    repository.git("worktree", "add", "-q", "trees/other")
    assert paths(list_root(repository)) == {"main.py"}
    inner = type(repository)(repository.root / "trees" / "other")
    assert paths(list_root(inner)) == {"main.py"}


def test_part_of_a_repository(repository):
    repository.write(".gitignore", "*.log\n")
    repository.write("other.py")
    repository.write("pkg/main.py")
    repository.write("pkg/a.log")
    repository.commit("first")
    repository.write("pkg/new.py")
    part = type(repository)(repository.root / "pkg")
    assert paths(list_root(part)) == {"main.py", "new.py"}


def test_conflicting_file_is_listed_once(repository):
    repository.write("a.py", "1\n")
    repository.commit("base")
    repository.git("checkout", "-q", "-b", "side")
    repository.write("a.py", "2\n")
    repository.commit("side")
    repository.git("checkout", "-q", "main")
    repository.write("a.py", "3\n")
    repository.commit("main")
    with pytest.raises(AssertionError, match="failed"):
        repository.git("merge", "side")
    assert [entry.path for entry in list_root(repository).entries] == ["a.py"]


def test_without_git_on_the_path_the_walk_lists_the_same(repository, monkeypatch):
    repository.write(".gitignore", "*.log\n")
    repository.write("a.py")
    repository.write("b.log")
    asked = list_root(repository)
    monkeypatch.setenv("PATH", "")
    walked = list_root(repository)
    assert paths(walked) == paths(asked) == {"a.py", ".gitignore"}
    assert asked.problem is None
    assert "no git on the PATH" in str(walked.problem)


def test_root_that_is_gone(tmp_path):
    gone = tmp_path / "gone"
    found = listing(gone, Ignore(gone))
    assert found.entries == []


@POSIX
@pytest.mark.parametrize("folder", ["", "src", "src/deep", "untracked"])
def test_an_ignore_file_that_is_a_pipe_costs_a_moment(repository, monkeypatch, folder):
    monkeypatch.setattr(sys.modules["codearch.history.git"], "LOOK_S", 0.2)
    for path in ("a.py", "src/b.py", "src/deep/c.py"):
        repository.write(path, "x = 1\n")
    repository.commit("Begin")
    repository.write("untracked/d.py", "y = 2\n")
    repository.write("untracked/e.log", "z\n")
    repository.write(".git/info/exclude", "*.log\n")
    pipe = repository.root / folder / ".gitignore"
    os.mkfifo(pipe)
    ignore = Ignore(repository.root)
    for _ in range(2):  # the second time it is known at once
        found = listing(repository.root, ignore)
        assert paths(found) == {"a.py", "src/b.py", "src/deep/c.py", "untracked/d.py"}
        assert str(pipe) in str(found.problem)
    pipe.unlink()
    found = listing(repository.root, ignore)
    assert paths(found) == {"a.py", "src/b.py", "src/deep/c.py", "untracked/d.py"}
    assert found.problem is None


@POSIX
@pytest.mark.parametrize("name", ["info/exclude", "config", "index"])
def test_a_file_of_git_s_own_that_is_a_pipe(repository, monkeypatch, name):
    monkeypatch.setattr(sys.modules["codearch.history.git"], "LOOK_S", 0.2)
    repository.write("a.py", "x = 1\n")
    repository.commit("Begin")
    file = repository.root / ".git" / name
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    found = list_root(repository)
    assert paths(found) == {"a.py"}
    assert str(file) in str(found.problem)
