"""What files held in commits, as git gives it for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.errors import GitError
from codearch.history.texts import contents_at

if TYPE_CHECKING:
    from conftest import Workspace


def test_texts_of_commits(repository: Workspace) -> None:
    repository.write("shop/a b.py", b"\xff\x00 one\n")
    first = repository.commit("One")
    repository.write("shop/a b.py", "")
    repository.write("shop/sub/c.py", "missing\n")
    second = repository.commit("Two")
    asked = [
        (first, "shop/a b.py"),
        (second, "shop/a b.py"),
        (f"{second}^", "shop/a b.py"),
        (f"{first}^", "shop/a b.py"),
        (second, "shop/sub"),
        (second, "no such thing"),
        (second, "shop/sub/c.py"),
    ]
    one = b"\xff\x00 one\n"
    assert contents_at(repository.root, asked) == [one, b"", one, None, None, None, b"missing\n"]
    assert contents_at(repository.root / "shop", [(first, "a b.py")]) == [one]
    assert contents_at(repository.root, [(first, "shop/\n.py")]) == [None]
    assert contents_at(repository.root, []) == []


def test_where_there_is_no_repository(workspace: Workspace) -> None:
    with pytest.raises(GitError):
        contents_at(workspace.root, [("HEAD", "a.py")])
