"""What is ignored is what `git check-ignore` says, over trees of rules that nobody would think of.

The same lines in `.codearchignore` files mean the same. Every example is derived from a fixed seed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from codearch.index.ignore import Ignore

if TYPE_CHECKING:
    from conftest import Workspace

EXAMPLES = 160
NAMES = (
    "a",
    "b",
    "ab",
    "A",
    "Ab.py",
    "foo",
    "foo.py",
    "x.log",
    "a b",
    "a ",
    "#a",
    "!a",
    "[a]",
    "é",
    "-",
)
FOLDERS = ("a", "b", "foo", "A", "a b", "é")
PIECES = (
    *("a", "b", "A", "foo", ".py", ".log", "é", " ", "#", "!", "-", "."),
    *("*", "**", "***", "?", "/", "/", "/", "/**/", "**/", "/**", "/*"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[A-C]", "[A]", "[]a]", "[a-]", r"[a\]b]", "[z-a]", "[a"),
    *("[[:alpha:]]", "[[:upper:]]", "[![:digit:]_]", "[[:odd:]]"),
    *("\\a", "\\A", "\\*", "\\#", "\\!", "\\ ", "\\"),
)  # fmt: skip
COMMON = (
    *("*.log", "!*.log", "foo/", "/foo", "a/", "!a/", "a/b", "a/*", "!a/b", "**/foo", "foo/**"),
    *("*", "!*/", "/*", "!/a", "a/**/b", "!foo.py", "A", "# a", "", "a b", "a\\ ", "a   "),
)  # fmt: skip

paths_of = st.lists(st.sampled_from(FOLDERS), max_size=3)
line = st.one_of(
    st.sampled_from(COMMON),
    st.builds(
        lambda negated, anchored, pieces, end: f"{negated}{anchored}{''.join(pieces)}{end}",
        st.sampled_from(["", "", "", "!"]),
        st.sampled_from(["", "", "/"]),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=5),
        st.sampled_from(["", "", "", "/", "  ", "\t", "\r", "\\ ", "/ "]),
    ),
)
rules = st.lists(line, min_size=2, max_size=6).map(lambda lines: "\n".join(lines) + "\n")
places = st.one_of(st.just(()), paths_of.map(tuple))
rules_by_place = st.dictionaries(places, rules, min_size=1, max_size=4)
rules_outside = st.tuples(rules | st.just(""), rules | st.just(""), st.booleans())
files = st.lists(st.tuples(paths_of, st.sampled_from(NAMES)), min_size=8, max_size=20)


def plant(root: Path, wanted: list[tuple[list[str], str]]) -> list[str]:
    """Make a tree of these files, and return all its paths, folders with a slash at their end."""
    for folders, name in wanted:
        place = root.joinpath(*folders)
        try:
            place.mkdir(parents=True, exist_ok=True)
            (place / name).touch()
        except OSError:
            continue  # a file stands where a folder should, or the other way round
    found = []
    for where, inner, names in os.walk(root):
        if ".git" in inner:
            inner.remove(".git")
        above = Path(where).relative_to(root)
        found += [(above / name).as_posix() + "/" for name in inner]
        found += [(above / name).as_posix() for name in names]
    return found


def put(root: Path, name: str, by_place: dict[tuple[str, ...], str]) -> int:
    """Write rules into the folders that are there; return how many lines were written."""
    written = 0
    for place, text in by_place.items():
        folder = root.joinpath(*place)
        if folder.is_dir():
            (folder / name).write_text(text, newline="")
            written += text.count("\n")
    return written


def told_by_git(repository: Workspace, paths: list[str]) -> set[str]:
    """Return which of these git ignores."""
    asked = "\0".join(path.rstrip("/") for path in paths).encode()
    command = ["git", "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"]
    done = subprocess.run(
        command, cwd=repository.root, input=asked, capture_output=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr  # 1: none of them
    fields = done.stdout.decode().split("\0")[:-1]
    verdicts = zip(fields[2::4], fields[3::4], strict=True)
    return {path for pattern, path in verdicts if pattern and not pattern.startswith("!")}


def clear(root: Path) -> None:
    for entry in root.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def test_agreement_with_git_is_whole(repository: Workspace, tmp_path: Path) -> None:
    """Nested files, the repository's and the user's own, and with case folded or not."""
    everywhere = tmp_path / "everywhere"
    repository.git("config", "--global", "core.excludesFile", str(everywhere))
    counts: Counter[str] = Counter()

    @seed(20_240_501)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(files, rules_by_place, rules_by_place, rules_outside)
    def agrees(wanted: Any, nested: Any, own: Any, outside: Any) -> None:
        here, users, folds = outside
        clear(repository.root)
        repository.git("config", "core.ignoreCase", str(folds).lower())
        paths = plant(repository.root, wanted)
        everywhere.write_text(users, newline="")
        repository.write(".git/info/exclude", here)
        counts["lines"] += put(repository.root, ".gitignore", nested)
        counts["paths"] += len(paths)
        ours = Ignore(repository.root)
        expected = told_by_git(repository, paths)
        counts["ignored"] += len(expected)
        assert {
            path.rstrip("/")
            for path in paths
            if ours.ignored(path.rstrip("/"), is_folder=path.endswith("/"))
        } == expected

        # The same syntax in files of our own, with git's answer for its own as the measure.
        for file in repository.root.rglob(".gitignore"):
            file.unlink()
        everywhere.write_text("")
        repository.write(".git/info/exclude", "")
        counts["lines"] += put(repository.root, ".gitignore", own)
        expected = told_by_git(repository, paths)
        for file in repository.root.rglob(".gitignore"):
            file.unlink()
        put(repository.root, ".codearchignore", own)
        ours = Ignore(repository.root)
        assert {
            path.rstrip("/")
            for path in paths
            if ours.excluded(path.rstrip("/"), is_folder=path.endswith("/"))
        } == expected

    agrees()
    assert counts["lines"] >= 1000
    assert counts["paths"] >= 1000
    assert counts["ignored"] >= 300
