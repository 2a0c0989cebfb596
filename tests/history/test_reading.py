"""History is read once, then followed: what comes of it is what reading anew would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.errors import GitError
from codearch.snapshot.past import past
from history.reading import Book
from history.test_churn import DAY, START, book, edit, merge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace

__all__ = ["book"]


def known(found: Book) -> tuple[object, ...]:
    past = found.follow()
    return past.files, past.commits(), past.coupling()


def same_as_anew(followed: Book, tmp_path: Path) -> bool:
    anew = Book(followed.root, tmp_path / "anew.db", followed.limit)
    try:
        return known(followed) == known(anew)
    finally:
        anew.close()


def read_on(book: Book) -> None:
    while not book.reading.step():
        pass


def entered(book: Book) -> list[tuple[int, ...]]:
    return book.db.execute("SELECT id, hash FROM commits ORDER BY id").fetchall()


def commit_more(repository: Workspace) -> None:
    edit(repository, 9, "model.py", "view.py")


def rename(repository: Workspace) -> None:
    repository.git("mv", "model.py", "models.py")
    repository.git("mv", "test.py", "model.py")
    edit(repository, 9, "view.py")
    edit(repository, 10, "models.py", "view.py", "model.py")


def amend(repository: Workspace) -> None:
    repository.write("view.py", "another view\n")
    repository.git("add", "-A")
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    repository.git(*identity, "commit", "-q", "--amend", "-m", "amended")


def reset(repository: Workspace) -> None:
    repository.git("reset", "-q", "--hard", "HEAD~3")
    edit(repository, 9, "view.py", "test.py")


def reset_a_rename(repository: Workspace) -> None:
    repository.git("reset", "-q", "--hard", "with-rename~2")


def switch(repository: Workspace) -> None:
    repository.git("checkout", "-q", "-b", "side", "HEAD~2")
    edit(repository, 9, "test.py", "side.py")


def merge_a_branch(repository: Workspace) -> None:
    switch(repository)
    repository.git("checkout", "-q", "main")
    edit(repository, 10, "model.py")
    merge(repository, "side")


def orphan(repository: Workspace) -> None:
    repository.git("checkout", "-q", "--orphan", "anew")
    edit(repository, 9, "model.py")


@pytest.mark.parametrize(
    "change",
    [commit_more, rename, amend, reset, switch, merge_a_branch, orphan],
)
def test_followed_history_is_that_read_anew(
    repository: Workspace, book: Book, tmp_path: Path, change: Callable[[Workspace], None]
) -> None:
    for day in range(6):
        edit(repository, day, "model.py", "view.py", *(["test.py"] if day < 4 else []))
    book.follow()
    change(repository)
    assert same_as_anew(book, tmp_path)


def test_renames_that_are_taken_back(repository: Workspace, book: Book, tmp_path: Path) -> None:
    for day in range(4):
        edit(repository, day, "model.py", "view.py", "test.py")
    before = known(book)
    rename(repository)
    assert known(book) != before
    repository.git("reset", "-q", "--hard", "HEAD~2")
    assert known(book) == before
    assert same_as_anew(book, tmp_path)


def test_commit_costs_only_itself(repository: Workspace, book: Book) -> None:
    for day in range(4):
        edit(repository, day, "a.py")
    book.follow()
    before = entered(book)
    edit(repository, 5, "a.py")
    book.follow()
    assert entered(book)[:-1] == before


def test_pass_goes_on_where_the_last_process_left_it(
    repository: Workspace, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(60):
        edit(repository, day, "model.py", "view.py")
    monkeypatch.setattr("codearch.history.log._CHUNK_BYTES", 2000)
    monkeypatch.setattr("codearch.history.reading._STEP_S", 0.0)
    head = repository.git("rev-parse", "HEAD").strip()
    book.reading.want(head, book.limit)
    while not entered(book):
        assert not book.reading.step()
    left = entered(book)
    assert 0 < len(left) < 60
    book.close()
    next_book = Book(repository.root)
    edit(repository, 61, "model.py", "view.py")
    assert next_book.follow().files["view.py"].commits == 61
    assert entered(next_book)[: len(left)] == left
    assert same_as_anew(next_book, tmp_path)
    next_book.close()


def test_nothing_is_known_before_all_has_been_read(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    book.reading.want(repository.git("rev-parse", "HEAD").strip(), book.limit)
    while not entered(book):
        book.reading.step()
    assert past(book.db) is None
    read_on(book)
    assert past(book.db) is not None


def test_interrupted_step_takes_nothing(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    book.reading.want(repository.git("rev-parse", "HEAD").strip(), book.limit)
    for _ in range(5):
        assert not book.reading.step(lambda: True)
    assert entered(book) == []
    assert book.follow().files["a.py"].commits == 1


def test_git_that_fails_is_left_until_it_is_asked_again(repository: Workspace, book: Book) -> None:
    edit(repository, 0, "a.py")
    last = edit(repository, 1, "a.py")
    lost = repository.root / ".git" / "objects" / last[:2] / last[2:]
    kept = lost.rename(lost.parents[2] / "taken-away")
    book.reading.want(last, book.limit)
    with pytest.raises(GitError):
        read_on(book)
    assert not book.reading.owed
    kept.rename(lost)
    assert book.follow().files["a.py"].commits == 2


def test_long_message_and_large_commit(
    repository: Workspace, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codearch.history.log._CHUNK_BYTES", 100)
    edit(repository, 0, *(f"folder/file{number}.py" for number in range(300)), subject="x" * 9000)
    edit(repository, 1, "a.py", subject="y")
    past = book.follow()
    assert len(past.files) == 301
    assert [(len(each.subject), each.files) for each in past.commits()] == [(1, 1), (120, 300)]
    assert past.newest == START + DAY


def test_files_whose_content_is_missing_are_counted_without_lines(
    repository: Workspace, book: Book
) -> None:
    for day in range(60):
        edit(repository, day, "a.py", "b.py")
    lost = repository.git("rev-parse", "HEAD~58:a.py").strip()
    (repository.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    past = book.follow()
    assert past.files["a.py"].commits == past.files["b.py"].commits == 60
    assert past.files["b.py"].added == 20 + 1 + 9  # of the first commit and the last ones
