"""Which files are indexed: what git lists, else what a walk with the same rules finds.

Submodules and nested repositories are listed by their own rules, as parts of the workspace. Links
are never followed, also where git tracks a path that a link has taken the place of.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from typing import TYPE_CHECKING

from codearch.errors import EXHAUSTED, GitError
from codearch.history.git import git
from codearch.history.repository import repository_at
from codearch.index.content import (
    Entry,
    Reason,
    entry_of,
    is_junction,
    refused_by_name,
    refused_by_state,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.index.ignore import Ignore

LIST_TIMEOUT_S = 60.0


class Listing:
    """The files to index, and those left out with the reason; a folder stands for all in it.

    Files that git ignores are not mentioned. What only content tells (see `refused_by_content`) is
    told when the file is read.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.skipped: dict[str, Reason] = {}
        self.problem: GitError | None = None  # why git was not asked where there is a repository

    @property
    def counts(self) -> dict[Reason, int]:
        """How many paths were left out, by reason."""
        return dict(Counter(self.skipped.values()))


def listing(root: Path, ignore: Ignore, max_file_kb: int = 1024) -> Listing:
    """List the files below `root` as the disk has them now; the rules are read anew first."""
    ignore.refresh()
    search = _Search(root, ignore, max_file_kb * 1024)
    if ignore.repository is None:
        search.walk("")
    else:
        search.ask_git("")
    return search.found


class _Search:
    """One listing in the making."""

    def __init__(self, root: Path, ignore: Ignore, max_bytes: int) -> None:
        self.found = Listing()
        self._root = root
        self._prefix = f"{os.fspath(root).rstrip(os.sep)}/"
        self._ignore = ignore
        self._max_bytes = max_bytes
        self._open_folders: dict[str, bool] = {"": True}

    def ask_git(self, folder: str) -> None:
        """Take what git lists in the repository at `folder`, or walk if git cannot say."""
        options = ("-co", "--exclude-standard", "-z")
        try:
            if folder in self._ignore.problems:
                raise self._ignore.problems[folder]
            listed = git(self._root / folder, "ls-files", *options, timeout_s=LIST_TIMEOUT_S)
        except GitError as error:
            self.found.problem = self.found.problem or error
            self.walk(folder)
            return
        names = os.fsdecode(listed).split("\0")
        within = f"{folder}/" if folder else ""
        # A path with conflicts is listed once for each side.
        for path in dict.fromkeys(within + name for name in names if name):
            self._take_listed(path)

    def walk(self, folder: str) -> None:
        """Take all that the rules do not ignore below `folder`."""
        waiting = [folder]
        while waiting:
            above = waiting.pop()
            within = f"{above}/" if above else ""
            try:
                with os.scandir(self._prefix + above) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                if error.errno in EXHAUSTED:
                    raise  # else all that lies below would be taken for gone
                self._skip(above, "unreadable")
                continue
            for entry in found:
                path = within + entry.name
                is_folder = entry.is_dir(follow_symlinks=False) and not _is_link(entry)
                if self._ignore.ignored(path, is_folder):
                    if entry.name != ".git" and self._ignore.excluded(path, is_folder):
                        self._skip(path, "excluded")
                elif is_folder:
                    waiting.append(path)
                else:
                    self._take(path)

    def _skip(self, path: str, reason: Reason) -> None:
        """Note a path that is left out, as text that every other part can print and store."""
        self.found.skipped[path.encode("utf-8", "backslashreplace").decode()] = reason

    def _take_listed(self, path: str) -> None:
        """Take a path as git lists it: a file, or a repository within this one."""
        folder = path.rpartition("/")[0]
        if path.endswith("/"):
            self._take_repository(path[:-1])
        elif self._is_open(folder):
            if self._ignore.excluded(path):
                self._skip(path, "excluded")
            else:
                self._take(path)

    def _take(self, path: str) -> None:
        try:
            status = os.lstat(self._prefix + path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError:
            self._skip(path, "unreadable")
            return
        if stat.S_ISDIR(status.st_mode) and not is_junction(status):
            self._take_repository(path)
            return
        reason = refused_by_state(status, self._max_bytes)
        if reason in {None, "too large"}:
            reason = refused_by_name(path) or reason  # a large picture is no text of any size
        if reason is None and not _is_utf8(path):
            reason = "name not UTF-8"
        if reason is None:
            self.found.entries.append(entry_of(path, status))
        else:
            self._skip(path, reason)

    def _take_repository(self, folder: str) -> None:
        """List a submodule or a nested repository; one that is not checked out holds nothing."""
        if self._is_open(folder) and repository_at(self._root / folder) is not None:
            self.ask_git(folder)

    def _is_open(self, folder: str) -> bool:
        """Return whether a folder is a real one and not left out; note the outermost that is."""
        known = self._open_folders.get(folder)
        if known is None:
            known = self._is_open(folder.rpartition("/")[0]) and self._opens(folder)
            self._open_folders[folder] = known
        return known

    def _opens(self, folder: str) -> bool:
        try:
            status = os.lstat(self._prefix + folder)
        except OSError:
            return False
        if not stat.S_ISDIR(status.st_mode) or is_junction(status):
            self._skip(folder, refused_by_state(status, self._max_bytes) or "not a file")
            return False
        if self._ignore.excluded(folder, is_folder=True):
            self._skip(folder, "excluded")
            return False
        return True


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Tell a junction, which Windows calls a folder; a symbolic link is none already."""
    return os.name == "nt" and is_junction(entry.stat(follow_symlinks=False))


def _is_utf8(path: str) -> bool:
    if path.isascii():
        return True
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
