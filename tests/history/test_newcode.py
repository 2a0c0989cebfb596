"""What is new: since the default branch, a revision or a date, in files as they are typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.errors import GitError, UsageError
from codearch.history import EVERYTHING, NewCode, fork_point, repository_of
from codearch.history import newcode as module
from codearch.history.repository import read_regular
from patience import takes_linear_time

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

OLD = "import os\n\n\ndef draw():\n    return os.name\n\n\ndef paint():\n    return 1\n"


def code(folder: Path, since: str = "mergeBase") -> NewCode:
    repository = repository_of(folder)
    assert repository is not None
    return NewCode(repository, since)


def new_lines(of: NewCode, path: str, text: str) -> list[int]:
    """Return the new lines of a file, counted from 1 as editors show them."""
    novelty = of.novelty(path, text.encode(), str(hash(text)))
    return [line + 1 for line in range(len(text.split("\n"))) if novelty.touches(line, line)]


@pytest.fixture
def branch(repository: Workspace) -> Workspace:
    """A branch of one commit beside `main`."""
    repository.write("a.py", OLD)
    repository.write("b.py", "x = 1\n")
    repository.commit("Begin", time=1_700_000_000)
    repository.git("switch", "-q", "-c", "feature")
    repository.write("a.py", OLD.replace("    return 1", "    x = 2\n    return x"))
    repository.commit("Paint", time=1_700_100_000)
    return repository


def test_lines_of_the_branch_and_of_the_buffer(branch: Workspace) -> None:
    mine = code(branch.root)
    text = (branch.root / "a.py").read_text()
    assert new_lines(mine, "a.py", text) == [9, 10]
    assert new_lines(mine, "a.py", "# typed\n" + text) == [1, 10, 11]
    assert new_lines(mine, "b.py", "x = 1\n") == []
    assert new_lines(mine, "c.py", "y = 1\n") == [1, 2], "git has never seen it"


def test_white_space_and_blank_lines_are_not_new(branch: Workspace) -> None:
    text = (
        "if True:\r\n" + (branch.root / "a.py").read_text().replace("\n", "\r\n    ") + "\r\n\r\n"
    )
    assert new_lines(code(branch.root), "a.py", text) == [1, 10, 11]


MOVED = """def scale(shape, factor):
    width = shape.width * factor
    height = shape.height * factor

    shape.check(width, height)
    shape.resize(width, height)
    return shape
"""


@pytest.mark.parametrize("known", [True, False])
def test_what_was_moved_from_another_file_is_not_new(repository: Workspace, *, known: bool) -> None:
    repository.write("a.py", OLD + MOVED)
    repository.write("b.py", "x = 1\n")
    repository.commit("Begin")
    repository.git("switch", "-q", "-c", "feature")
    repository.write("a.py", OLD)
    name = "b.py" if known else "c.py"
    text = ("x = 1\n" if known else "") + MOVED.replace("def scale", "\ndef grow")
    repository.write(name, text)
    mine = code(repository.root)
    assert len(new_lines(mine, name, text)) >= 6, "git does not know of it yet"
    repository.commit("Move")
    named = text.split("\n").index("def grow(shape, factor):") + 1
    assert new_lines(mine, name, text) == [named], "five lines of it stood in the other file"
    few = text.replace("    shape.resize(width, height)\n", "")
    assert len(new_lines(mine, name, few)) >= 5, "so few are alike by chance"


def test_words_of_lines_that_went(branch: Workspace) -> None:
    text = OLD.replace("    return os.name\n", "    return 0\n")
    gone = code(branch.root).novelty("a.py", text.encode(), "1").gone
    assert "os" in gone
    assert "paint" not in gone


def test_a_switch_of_branches_and_a_commit_are_noticed(branch: Workspace) -> None:
    mine = code(branch.root)
    text = (branch.root / "a.py").read_text()
    assert new_lines(mine, "a.py", text) == [9, 10]
    branch.git("switch", "-q", "main")
    assert new_lines(mine, "a.py", OLD) == []
    branch.write("a.py", text)
    branch.commit("Paint here too")
    assert new_lines(mine, "a.py", text) == [], "it is on the default branch now"
    branch.git("switch", "-q", "feature")
    assert new_lines(mine, "a.py", text) == [9, 10]
    branch.git("rebase", "-q", "main")
    assert new_lines(mine, "a.py", text) == []


def test_git_is_asked_once_for_a_state_and_a_file(
    branch: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    git = module.git
    monkeypatch.setattr(
        module, "git", lambda *args, **kw: asked.append(args[1]) or git(*args, **kw)
    )
    mine = code(branch.root)
    text = (branch.root / "a.py").read_text()
    new_lines(mine, "a.py", text)
    assert asked == ["for-each-ref", "merge-base", "cat-file"]
    for typed in range(20):
        new_lines(mine, "a.py", f"{text}x{typed} = 1\n")
    assert len(asked) == 3
    new_lines(mine, "b.py", text)
    assert asked[3:] == ["cat-file"]


def test_an_edit_of_a_large_file_takes_little(branch: Workspace) -> None:
    sizes = 1_500, 6_000
    texts = {size: [f"value_{line} = compute({line})" for line in range(size)] for size in sizes}
    for size, lines in texts.items():
        branch.write(f"large_{size}.py", "\n".join(lines))
    branch.git("switch", "-q", "main")
    branch.commit("Compute")
    mine = code(branch.root)

    def work(size: int) -> None:
        lines, at = texts[size], size // 2
        for typed in range(10):
            lines[at] = f"typed_{typed}"
            text = "\n".join(lines).encode()
            assert mine.novelty(f"large_{size}.py", text, str(typed)).runs == ((at, at + 1),)

    takes_linear_time(work, sizes[1])


def test_a_remote_says_which_branch_is_its_default(branch: Workspace, tmp_path: Path) -> None:
    branch.git("branch", "-q", "-m", "main", "stable")
    branch.git("switch", "-q", "stable")
    clone = tmp_path / "clone"
    branch.git("clone", "-q", str(branch.root), str(clone))
    branch.git("switch", "-q", "-c", "main", folder=str(clone))
    branch.git("switch", "-q", "-c", "more", folder=str(clone))
    branch.git("merge", "-q", "origin/feature", folder=str(clone))
    text = (clone / "a.py").read_text()
    assert new_lines(code(clone), "a.py", text) == [9, 10]
    branch.git("symbolic-ref", "-d", "refs/remotes/origin/HEAD", folder=str(clone))
    branch.git("update-ref", "refs/remotes/origin/master", "origin/feature", folder=str(clone))
    assert new_lines(code(clone), "a.py", text) == [], "master is a usual name"


def test_on_the_default_branch_what_is_not_pushed_is_new(branch: Workspace, tmp_path: Path) -> None:
    branch.git("switch", "-q", "main")
    clone = tmp_path / "clone"
    branch.git("clone", "-q", str(branch.root), str(clone))
    (clone / "b.py").write_text("x = 1\ny = 2\n")
    identity = ("-c", "user.name=Bob", "-c", "user.email=b@example.org")
    branch.git(*identity, "commit", "-qam", "More", folder=str(clone))
    assert new_lines(code(clone), "b.py", "x = 1\ny = 2\n") == [2]


@pytest.mark.parametrize("staged", [True, False])
def test_a_renamed_file_keeps_its_old_lines(branch: Workspace, *, staged: bool) -> None:
    branch.git("mv", "a.py", "moved.py")
    text = (branch.root / "moved.py").read_text()
    if not staged:
        branch.commit("Move")
    assert new_lines(code(branch.root), "moved.py", text) == [9, 10]


def test_since_a_revision_a_date_or_ever(branch: Workspace) -> None:
    text = (branch.root / "a.py").read_text()
    assert new_lines(code(branch.root, "HEAD"), "a.py", text) == []
    assert new_lines(code(branch.root, "main"), "a.py", text) == [9, 10]
    assert new_lines(code(branch.root, "2023-11-15"), "a.py", text) == [9, 10]
    assert new_lines(code(branch.root, "2024-01-01"), "a.py", text) == []
    everything = list(range(1, len(text.split("\n")) + 1))
    assert new_lines(code(branch.root, "2000-01-01"), "a.py", text) == everything
    assert new_lines(code(branch.root, "all"), "a.py", text) == everything
    assert fork_point(branch.root, "2000-01-01").why == "no commit is older than 2000-01-01"


@pytest.mark.parametrize("since", ["nowhere", "--help", "-x", "a b", "HEAD~99"])
def test_an_unknown_revision_is_an_error_and_leaves_the_last_commit(
    branch: Workspace, since: str
) -> None:
    with pytest.raises(UsageError, match="knows no revision"):
        fork_point(branch.root, since)
    text = (branch.root / "a.py").read_text()
    assert new_lines(code(branch.root, since), "a.py", text + "y = 1\n") == [11]


def test_a_moved_tag_is_noticed(branch: Workspace) -> None:
    branch.git("tag", "v1", "main")
    mine, text = code(branch.root, "v1"), (branch.root / "a.py").read_text()
    assert new_lines(mine, "a.py", text) == [9, 10]
    branch.git("tag", "-f", "v1", "feature")
    assert new_lines(mine, "a.py", text) == []


def test_before_the_first_commit_all_is_new(repository: Workspace) -> None:
    mine = code(repository.root)
    assert mine.novelty("a.py", b"x = 1\n", "1") == EVERYTHING
    assert mine.fork_point().why == "nothing has been committed yet"
    repository.write("a.py", "x = 1\n")
    repository.commit("Begin")
    assert new_lines(mine, "a.py", "x = 1\n") == []


def test_a_clone_cut_short_says_so(branch: Workspace, tmp_path: Path) -> None:
    branch.git("switch", "-q", "main")
    branch.commit("Go on")
    clone = tmp_path / "clone"
    url = branch.root.as_uri()
    branch.git(
        "clone", "-q", "--depth", "1", "--no-single-branch", "-b", "feature", url, str(clone)
    )
    with pytest.raises(GitError, match="does not reach back") as caught:
        fork_point(clone)
    assert "unshallow" in caught.value.mend
    text = (clone / "a.py").read_text()
    assert new_lines(code(clone), "a.py", text + "y = 1\n") == [11]


def test_a_secret_is_hidden_on_both_sides(repository: Workspace) -> None:
    line = 'token = "ghp_' + "A1b2C3d4" * 4 + 'E5f6"\n'
    repository.write("a.py", line + "x = 1\n")
    repository.commit("Begin")
    hidden = module.as_indexed(line.encode(), "a.py").decode()
    assert hidden != line
    assert new_lines(code(repository.root), "a.py", hidden + "x = 1\n") == []


def test_many_files_are_read_at_once(branch: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = code(branch.root)
    names = ["a.py", "b.py", "not there.py", "ü\n.py"]
    mine.read_ahead(names)
    monkeypatch.setattr(module, "_blobs", lambda *_: pytest.fail("asked again"))
    assert new_lines(mine, "b.py", "x = 1\n") == []
    assert new_lines(mine, "not there.py", "x = 1") == [1]


def test_where_git_cannot_be_asked_for_a_file_all_of_it_is_new(
    branch: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, text = code(branch.root), (branch.root / "a.py").read_text()
    assert new_lines(mine, "b.py", "x = 1\n") == []
    monkeypatch.setenv("PATH", "")
    assert mine.novelty("a.py", text.encode(), "1") == EVERYTHING
    assert mine.before("a.py") is None
    assert new_lines(mine, "b.py", "x = 1\n") == []


@pytest.mark.parametrize(
    "since", ["../../outside", "/outside", "//host/share", "\\\\host\\share", "v1/../x"]
)
def test_no_file_outside_of_git_is_read_for_a_revision(
    branch: Workspace, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    """Its name comes with the workspace's settings."""
    read: set[str] = set()

    def noting(path: Path) -> bytes | None:
        read.add(path.relative_to(branch.root / ".git").as_posix())
        return read_regular(path)

    monkeypatch.setattr("codearch.history.newcode.read_regular", noting)
    code(branch.root, since).fork_point()
    assert read == {"HEAD", "refs/heads/feature"}


def test_a_moved_branch_with_slashes_is_noticed(branch: Workspace) -> None:
    branch.git("branch", "team/v1.2", "main")
    mine, text = code(branch.root, "team/v1.2"), (branch.root / "a.py").read_text()
    assert new_lines(mine, "a.py", text) == [9, 10]
    branch.git("branch", "-f", "team/v1.2", "feature")
    assert new_lines(mine, "a.py", text) == []
