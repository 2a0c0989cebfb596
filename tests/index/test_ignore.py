"""The rules answer what git answers, without asking it."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from codearch.index.ignore import Ignore

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("src", "build", "docs", "lib", "vendor", "a b", "é")
FILES = ("main.py", "notes.txt", "out.log", "keep.log", "#x#", "x.pyc", "Makefile", ".env", "é.md")
LINES = (
    "*.log", "!keep.log", "build/", "/build", "build", "docs/*.txt", "**/vendor", "lib/**", "!lib/",
    "*.pyc", "!*.py", "/*", "!/src", "src/*/notes.txt", "src/**/notes.txt", ".*", "!.gitignore",
    "é", "a\\ b/", "[a-l]*", "\\#x#", "*", "!*/", "!*.md", "Make*",
)  # fmt: skip


def random_tree(workspace, seed):
    choose = random.Random(seed)
    for _ in range(60):
        parts = [choose.choice(FOLDERS) for _ in range(choose.randint(0, 3))]
        workspace.write("/".join([*parts, choose.choice(FILES)]))
    for _ in range(6):
        parts = [choose.choice(FOLDERS) for _ in range(choose.randint(0, 2))]
        lines = [choose.choice(LINES) for _ in range(choose.randint(1, 3))]
        workspace.write("/".join([*parts, ".gitignore"]), "\n".join(lines) + "\n")


def files_of(workspace):
    for file in workspace.root.rglob("*"):
        path = file.relative_to(workspace.root).as_posix()
        if file.is_file() and not path.startswith(".git/"):
            yield path


@pytest.mark.parametrize("seed", range(25))
def test_rules_of_a_tree_agree_with_git(repository, seed):
    random_tree(repository, seed)
    repository.write(".git/info/exclude", "*.md\n")
    repository.git("add", "-f", "--", next(files_of(repository)))
    listed = repository.git("ls-files", "-co", "--exclude-standard", "-z").split("\0")
    ignore = Ignore(repository.root)
    seen = {path for path in files_of(repository) if not ignore.ignored(path)}
    assert seen == set(filter(None, listed))


def test_users_own_ignore_file_is_the_weakest(repository, tmp_path):
    (tmp_path / "everywhere").write_text("*.tmp\n")
    repository.git("config", "--global", "core.excludesFile", str(tmp_path / "everywhere"))
    repository.write(".gitignore", "!wanted.tmp\n")
    ignore = Ignore(repository.root)
    assert ignore.ignored("a.tmp")
    assert not ignore.ignored("wanted.tmp")


def test_tracked_files_are_not_ignored_and_their_folders_are_entered(repository):
    repository.write(".gitignore", "lib/\n*.log\n")
    repository.write("lib/deep/kept.py")
    repository.write("lib/deep/other.py")
    repository.write("kept.log")
    repository.git("add", "-f", "lib/deep/kept.py", "kept.log")
    ignore = Ignore(repository.root)
    assert not ignore.ignored("lib/deep/kept.py")
    assert not ignore.ignored("lib", is_folder=True)
    assert not ignore.ignored("lib/deep", is_folder=True)
    assert ignore.ignored("lib/deep/other.py")
    assert ignore.ignored("lib/other", is_folder=True)
    assert not ignore.ignored("kept.log")
    assert ignore.tracked == {"lib/deep/kept.py", "kept.log"}


def test_own_rules_hold_for_tracked_files_too(repository):
    repository.write(".codearchignore", "fixtures/\n")
    repository.write("pkg/.codearchignore", "*.gen.py\n!one.gen.py\n")
    repository.write("fixtures/a.py")
    repository.commit("all")
    ignore = Ignore(repository.root, ["*.sql"], {"**/legacy": True})
    assert ignore.ignored("fixtures/a.py")
    assert ignore.ignored("pkg/a.gen.py")
    assert not ignore.ignored("pkg/one.gen.py")
    assert not ignore.ignored("a.gen.py")
    assert ignore.ignored("db/schema.sql")
    assert ignore.ignored("pkg/legacy/old.py")
    assert ignore.excluded("fixtures/a.py")
    assert not ignore.excluded("pkg/one.gen.py")


def test_git_folder_is_always_ignored_and_other_dot_files_are_not(workspace):
    ignore = Ignore(workspace.root)
    assert ignore.ignored(".git", is_folder=True)
    assert ignore.ignored(".git/config")
    assert ignore.ignored("sub/.git/HEAD")
    assert not ignore.ignored(".github/workflows/ci.yml")
    assert not ignore.ignored(".gitattributes")


def test_rules_of_the_outer_folders_hold_in_a_part_of_a_repository(repository):
    repository.write(".gitignore", "*.log\n/pkg/out/\n")
    repository.write("pkg/main.py")
    ignore = Ignore(repository.root / "pkg")
    assert ignore.ignored("a.log")
    assert ignore.ignored("out", is_folder=True)
    assert not ignore.ignored("main.py")


def test_a_root_that_its_repository_ignores_is_a_folder_of_its_own(repository):
    repository.write(".gitignore", "scratch/\n*.log\n")
    repository.write("scratch/try/main.py")
    ignore = Ignore(repository.root / "scratch" / "try")
    assert ignore.repository is None
    assert not ignore.ignored("main.py")
    assert not ignore.ignored("a.log")


def test_nested_repository_keeps_its_own_rules(repository):
    repository.write(".gitignore", "*.log\n")
    repository.write("nested/.gitignore", "*.txt\n")
    repository.git("init", "-q", folder="nested")
    ignore = Ignore(repository.root)
    assert not ignore.ignored("nested/a.log")
    assert ignore.ignored("nested/a.txt")
    assert not ignore.ignored("a.txt")


def test_another_working_tree_of_the_same_repository_is_left_out(repository):
    repository.write("main.py")
    repository.commit("first")
    repository.git("worktree", "add", "-q", "trees/other")
    ignore = Ignore(repository.root)
    assert ignore.ignored("trees/other", is_folder=True)
    assert ignore.ignored("trees/other/main.py")
    assert not ignore.ignored("trees", is_folder=True)
    from_inside = Ignore(repository.root / "trees" / "other")
    assert not from_inside.ignored("main.py")


def test_refresh_reads_the_rules_again(workspace):
    ignore = Ignore(workspace.root)
    assert not ignore.ignored("pkg/a.log")
    workspace.write("pkg/.gitignore", "*.log\n")
    assert not ignore.ignored("pkg/a.log")
    ignore.refresh()
    assert ignore.ignored("pkg/a.log")


def test_forget_reads_one_folder_again(workspace):
    workspace.write(".gitignore", "*.tmp\n")
    ignore = Ignore(workspace.root)
    assert not ignore.ignored("pkg/sub/a.log")
    workspace.write("pkg/.gitignore", "*.log\n")
    ignore.forget("pkg")
    assert ignore.ignored("pkg/sub/a.log")
    assert ignore.ignored("pkg/a.tmp")


@pytest.mark.parametrize("path", [".gitignore", "a/b/.gitignore", "a/.codearchignore", "sub/.git"])
def test_sources_of_rules_are_known(path):
    assert Ignore.is_source(path)
    assert not Ignore.is_source(path + ".md")


def test_ignore_file_behind_a_link_says_nothing(repository, tmp_path):
    (tmp_path / "rules").write_text("*\n")
    (repository.root / ".gitignore").symlink_to(tmp_path / "rules")
    (repository.root / ".codearchignore").symlink_to(tmp_path / "rules")
    assert not Ignore(repository.root).ignored("main.py")


def test_changed_rules_of_the_user_are_outdated_until_somebody_heeds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere = tmp_path / "everywhere"
    everywhere.write_text("*.log\n")
    settings = tmp_path / "gitconfig"
    settings.write_text(f"[core]\n\texcludesFile = {everywhere.as_posix()}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    root = tmp_path / "project"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    ignore = Ignore(root)
    assert not ignore.outdated
    everywhere.write_text("*.log\n*.tmp\n")
    ignore.refresh()  # as each comparison of the disk does
    assert ignore.ignored("a.tmp")
    assert ignore.outdated
    ignore.heed()
    assert not ignore.outdated
