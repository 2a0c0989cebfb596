"""How often files change, under the names that they have now, and which change together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from history.reading import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.snapshot.past import Past
    from conftest import Workspace

DAY = 24 * 3600
START = 1_600_000_000


def edit(
    repository: Workspace, day: int, *paths: str, subject: str = "edit", author: str = "Ada"
) -> str:
    for path in paths:
        file = repository.root / path
        before = file.read_text() if file.exists() else f"# {path}\n" * 20
        repository.write(path, f"{before}line {day}\n")
    return repository.commit(subject, author=author, time=START + day * DAY)


def touched(past: Past) -> dict[str, int]:
    return {path: each.touched for path, each in past.files.items()}


@pytest.fixture
def book(repository: Workspace) -> Iterator[Book]:
    found = Book(repository.root)
    yield found
    found.close()


def test_commits_of_the_last_year_before_the_newest(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "old.py", "both.py")
    edit(repository, 500, "both.py", "new.py")
    edit(repository, 600, "both.py")
    found = book.follow()
    assert {path: each.recent for path, each in found.files.items()} == {
        "both.py": 2,
        "new.py": 1,
        "old.py": 0,
    }
    assert touched(found) == {"both.py": 3, "new.py": 1, "old.py": 1}
    assert found.newest == START + 600 * DAY
    assert (found.shallow, found.cut) == (False, False)


def test_what_is_known_of_a_file(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    edit(repository, 1, "a.py", "b.py", subject="Fix a crash", author="Bob")
    edit(repository, 2, "a.py", author="Bob")
    edit(repository, 3, "a.py", author="renovate[bot]")
    repository.write("a.py", (repository.root / "a.py").read_text().replace("\n", "  \n"))
    repository.commit("Tidy", time=START + 4 * DAY)
    found = book.follow().file("a.py")
    assert found is not None
    assert (found.commits, found.recent, found.fixes, found.touched) == (3, 3, 1, 5)
    assert (found.added, found.removed) == (23, 0)
    assert found.authors == (("Bob", 2), ("Ada", 1))
    assert (found.first_time, found.last_time) == (START, START + 2 * DAY)


def test_commits_that_are_set_apart(repository: Workspace, book: Book) -> None:
    edit(repository, 0, *(f"f{number}.py" for number in range(60)), subject="Begin")
    edit(repository, 1, "f1.py", subject="Bump x", author="dependabot[bot]")
    repository.git("mv", "f2.py", "g2.py")
    repository.commit("Call it g2", time=START + 2 * DAY)
    edit(repository, 3, *(f"f{number}.py" for number in range(3, 10)), subject="Run black")
    repository.write("f1.py", (repository.root / "f1.py").read_text().replace("\n", "\n\n"))
    repository.commit("Breathe", time=START + 4 * DAY)
    edit(repository, 5, "f1.py", subject="Refuse empty names")
    found = book.follow()
    assert {each.subject: each.apart for each in found.commits()} == {
        "Begin": "mass",
        "Bump x": "bot",
        "Call it g2": "moves",
        "Run black": "formatting",
        "Breathe": "formatting",  # blank lines alone
        "Refuse empty names": "",
    }


@pytest.mark.parametrize(
    ("message", "fix"),
    [
        ("Fix a crash when the list is empty", True),
        ("fix: wrong total\n\nIt was net.", True),
        ("Compute the total from gross prices\n\nFixes #12", True),
        ("Fixed typo", False),
        ("Fix the docs", False),
        ("docs: fix an example", False),
        ("Add a prefix", False),
        ("Add totals\n\nFixes #13", False),
        ("fix: release what no migration is there to revert", True),
        ("Revert the fix of a crash", False),
        ("fix tslint", False),
        ("Look for the base of a fixup", False),
        ("Add a fixture", False),
    ],
)
def test_fixes_are_told_by_their_message(
    repository: Workspace, book: Book, message: str, *, fix: bool
) -> None:
    edit(repository, 0, "a.py", subject=message)
    assert [each.fix for each in book.follow().commits()] == [fix]
    assert len(book.follow().commits(fixes=True)) == fix


def test_fix_of_tests_alone_mends_nothing(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "tests/test_a.py", "a_test.go", subject="Fix a crash")
    assert [each.fix for each in book.follow().commits()] == [False]


def test_space_within_a_text_may_be_what_was_wrong(repository: Workspace, book: Book) -> None:
    repository.write("a.py", "print('a b')\n")
    repository.commit("Begin", time=START)
    repository.write("a.py", "print('a  b')\n")
    repository.commit("fix(a): two spaces between both", time=START + DAY)
    assert [(each.fix, each.apart) for each in book.follow().commits()] == [
        (True, ""),
        (False, ""),
    ]


def test_blank_lines_that_come_and_go_are_formatting(repository: Workspace, book: Book) -> None:
    repository.write("a.py", "one()\ntwo()\n")
    repository.write("b.py", "three()\n")
    repository.commit("Begin", time=START)
    repository.write("a.py", "one()\n\n\ntwo()\n\n")
    repository.write("b.py", "three()\n\n")
    repository.commit("Give it room", time=START + DAY)
    repository.write("a.py", "one()\ntwo()\n")
    repository.write("b.py", "three()\n\nfour()\n")
    repository.commit("Count further", time=START + 2 * DAY)
    assert [each.apart for each in book.follow().commits()] == ["", "formatting", ""]
    counted = {path: each.commits for path, each in book.follow().files.items()}
    assert counted == {"a.py": 1, "b.py": 2}


def test_renames_are_followed(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    edit(repository, 1, "a.py")
    repository.git("mv", "a.py", "b.py")
    repository.commit("rename", time=START + 2 * DAY)
    edit(repository, 3, "b.py")
    repository.git("mv", "b.py", "pkg.py")
    edit(repository, 4, "pkg.py")
    # A new file takes the first name.
    edit(repository, 5, "a.py")
    assert touched(book.follow()) == {"pkg.py": 5, "a.py": 1}


def test_file_renamed_and_back(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    repository.git("mv", "a.py", "b.py")
    repository.commit("away", time=START + DAY)
    repository.git("mv", "b.py", "a.py")
    repository.commit("back", time=START + 2 * DAY)
    edit(repository, 3, "b.py")
    assert touched(book.follow()) == {"a.py": 3, "b.py": 1}


def test_file_that_takes_the_name_of_a_deleted_one(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py", "b.py")
    edit(repository, 1, "b.py")
    repository.git("rm", "-q", "b.py")
    repository.commit("drop", time=START + 2 * DAY)
    repository.git("mv", "a.py", "b.py")
    repository.commit("take over", time=START + 3 * DAY)
    assert touched(book.follow()) == {"b.py": 2}


def test_edit_on_a_branch_of_a_file_renamed_on_another(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py", "c.py")
    repository.git("checkout", "-q", "-b", "side")
    repository.git("checkout", "-q", "main")
    repository.git("mv", "a.py", "b.py")
    repository.commit("rename", time=START + DAY)
    repository.git("checkout", "-q", "side")
    edit(repository, 2, "a.py")
    merge(repository, "main")
    assert touched(book.follow()) == {"b.py": 3, "c.py": 1}


def merge(repository: Workspace, branch: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    repository.git(*identity, "merge", "-q", "--no-ff", "-m", "merge", branch)


def test_files_that_change_together(repository: Workspace, book: Book) -> None:
    for day in range(4):
        edit(repository, day, "model.py", "view.py", *(["test.py"] if day == 0 else []))
    edit(repository, 5, "model.py")
    edit(repository, 6, "readme.md")
    past = book.follow()
    (edge,) = past.coupling()
    assert (edge.source, edge.target, edge.kind, edge.count) == ("model.py", "view.py", "change", 4)
    assert edge.confidence == 2 * 4 / (5 + 4)
    assert len(past.together("view.py", "model.py")) == 4


def test_mass_commits_couple_nothing(repository: Workspace, book: Book) -> None:
    for day in range(4):
        edit(repository, day, *(f"f{number}.py" for number in range(51)))
    found = book.follow()
    assert found.coupling() == []
    assert touched(found)["f0.py"] == 4


@pytest.mark.parametrize("author", ["weblate", "Ada"])
def test_bots_couple_nothing(repository: Workspace, book: Book, author: str) -> None:
    for day in range(4):
        edit(repository, day, "model.py", "view.py", author=author)
    assert len(book.follow().coupling()) == (author == "Ada")


def test_merges_count_once_and_limit_is_kept(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    repository.git("checkout", "-q", "-b", "side")
    edit(repository, 1, "a.py")
    repository.git("checkout", "-q", "main")
    edit(repository, 2, "b.py")
    merge(repository, "side")
    assert touched(book.follow()) == {"a.py": 2, "b.py": 1}
    book.limit = 1
    found = book.follow()
    assert touched(found) == {"b.py": 1}
    assert found.cut


def test_part_of_a_repository_sees_its_own_paths(repository: Workspace, tmp_path: Path) -> None:
    edit(repository, 0, "pkg/a.py", "other.py")
    edit(repository, 1, "other.py")
    book = Book(repository.root / "pkg", tmp_path / "index.db")
    assert touched(book.follow()) == {"a.py": 1}
    book.close()


def test_unusual_names_and_empty_commits(repository: Workspace, book: Book) -> None:
    repository.commit("nothing", time=START)
    edit(repository, 1, "a b.py", "\x01odd\n.py", "ü.py")
    repository.commit("nothing again", time=START + 2 * DAY)
    assert touched(book.follow()) == {"a b.py": 1, "\x01odd\n.py": 1, "ü.py": 1}


def test_binary_files_and_modes_count_no_lines(repository: Workspace, book: Book) -> None:
    repository.write("a.bin", b"\0\1" * 99)
    repository.write("run.sh", "exit 0\n")
    repository.commit("begin", time=START)
    repository.write("a.bin", b"\0\2" * 99)
    (repository.root / "run.sh").chmod(0o755)
    repository.commit("go on", time=START + DAY)
    found = book.follow().files
    assert (found["a.bin"].churn, found["a.bin"].commits) == (0, 2)
    assert (found["run.sh"].churn, found["run.sh"].commits) == (1, 2)


def test_people_are_named_by_the_mailmap(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py", author="Ada")
    edit(repository, 1, "a.py", author="adal")
    assert book.follow().files["a.py"].authors == (("Ada", 1), ("adal", 1))
    repository.write(
        ".mailmap", "Ada Lovelace <ada@example.org>\nAda Lovelace <adal@example.org>\n"
    )
    edit(repository, 2, "a.py", author="adal")
    assert book.follow().files["a.py"].authors == (("Ada Lovelace", 3),)


def test_commits_for_blame_to_ignore_are_formatting(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py", "b.py", subject="Begin")
    ugly = edit(repository, 1, "a.py", "b.py", subject="Fix the look")
    assert [each.apart for each in book.follow().commits()] == ["", ""]
    repository.write(".git-blame-ignore-revs", f"# tidied\n{ugly}\n")
    assert [each.apart for each in book.follow().commits()] == ["formatting", ""]


def test_shallow_clone_is_said(repository: Workspace, tmp_path: Path) -> None:
    for day in range(3):
        edit(repository, day, "a.py")
    clone = tmp_path / "c"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(clone))
    book = Book(clone, tmp_path / "index.db")
    found = book.follow()
    assert found.shallow
    assert touched(found) == {"a.py": 1}
    repository.git("-C", str(clone), "fetch", "-q", "--depth", "2")
    found = book.follow()
    assert (found.shallow, touched(found)) == (True, {"a.py": 2})
    repository.git("-C", str(clone), "fetch", "-q", "--unshallow")
    found = book.follow()
    assert not found.shallow
    assert touched(found) == {"a.py": 3}
    book.close()
