"""Which paths are ignored: git's rules, `.codearchignore`, and the patterns of the settings.

The answers are those of `git check-ignore` (tracked files are never ignored), found without a
process for each question, so that the watcher can ask for every event. A nested repository keeps
its own rules, as it does for git; another working tree of the same repository inside this one is
left out whole, since it would double every result.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from codearch.errors import GitError
from codearch.history.git import git, refuse_endless
from codearch.history.repository import (
    IGNORE_FILE,
    Repository,
    read_regular,
    repository_at,
    repository_of,
)
from codearch.index.content import Stamp, stamp_of
from codearch.index.patterns import FOLDS_CASE, Globs, Rules, parse_gitignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OWN_IGNORE_FILE = ".codearchignore"


class _Chain(NamedTuple):
    """Ignore files that apply in a folder, the strongest first, each with its folder's length."""

    rules: tuple[tuple[Rules, int], ...] = ()

    def under(self, rules: Rules, prefix_length: int) -> _Chain:
        """Return the chain with stronger rules put before it."""
        return _Chain(((rules, prefix_length), *self.rules)) if rules else self

    def ignores(self, path: bytes, name: bytes, is_folder: bool) -> bool:
        for rules, prefix_length in self.rules:
            verdict = rules.ignores(path[prefix_length:], name, is_folder)
            if verdict is not None:
                return verdict
        return False


class _Outside(NamedTuple):
    """What a repository says of ignored files outside its working tree."""

    rules: _Chain
    folds_case: bool
    excludes_file: Path


class _Folder(NamedTuple):
    """What is settled for all that one folder holds."""

    by_git: bool  # git ignores it, but for what is tracked in it
    excluded: bool  # the product's own rules leave it out
    git_rules: _Chain = _Chain()
    own_rules: _Chain = _Chain()
    folds_case: bool = FOLDS_CASE


_EXCLUDED = _Folder(by_git=True, excluded=True)


class Ignore:
    """Answers for paths relative to `root`, "/" between their parts; safe to share by threads.

    `patterns` are lines in .gitignore's syntax, `globs` those of `files.exclude`.
    """

    def __init__(
        self, root: Path, patterns: Sequence[str] = (), globs: Mapping[str, bool] | None = None
    ) -> None:
        self.root = root
        self._place = f"{os.fspath(root).rstrip(os.sep)}/"
        self._lock = threading.RLock()
        self._refused: set[str] = set()  # where git could not say
        self.problems: dict[str, GitError] = {}  # why not, by the repository's folder
        self._users_stamps: list[Stamp | None] | None = None
        self._unheeded = False
        self.configure(patterns, globs or {})

    def configure(self, patterns: Sequence[str], globs: Mapping[str, bool]) -> None:
        """Take other settings over, for all that share these rules, and read the rules again."""
        with self._lock:
            self._lines = os.fsencode("\n".join(patterns))
            self._globs = Globs(globs)
            self.refresh()

    @property
    def repository(self) -> Repository | None:
        """The repository that the root belongs to; None also where that one ignores the root."""
        return self._repository

    @property
    def tracked(self) -> frozenset[str]:
        """What git tracks though its rules would ignore it: files and submodules."""
        return frozenset(self._tracked)

    @staticmethod
    def is_source(path: str) -> bool:
        """Return whether rules depend on a path: an ignore file, or where a repository begins."""
        return path.rpartition("/")[2] in {IGNORE_FILE, OWN_IGNORE_FILE, ".git"}

    def refresh(self) -> None:
        """Read the rules again: to be called when an ignore file or git's index has changed."""
        with self._lock:
            self.problems.clear()
            self._tracked: set[str] = set()  # files, and submodules, that git has though ignored
            self._tracked_folders: set[str] = set()  # the folders that lead to them
            self._repository = repository_of(self.root)
            self._prefix = b""
            self._folds_case = FOLDS_CASE
            self._users_files = _user_configuration()
            rules = _Chain() if self._repository is None else self._rules_above(self._repository)
            if self._repository is not None:
                self._keep_tracked("")
            folds, length = self._folds_case, len(self._prefix)
            rules = rules.under(_read(self.root / IGNORE_FILE, folds), length)
            own_rules = _Chain().under(parse_gitignore(self._lines, folds), length)
            own_rules = own_rules.under(_read(self.root / OWN_IGNORE_FILE, folds), length)
            self._folders = {"": _Folder(False, False, rules, own_rules, folds)}
            stamps = _stamps(self._users_files)
            if self._users_stamps not in (None, stamps):
                self._unheeded = True  # a comparison of the disk came before whoever renews watches
            self._users_stamps = stamps

    @property
    def outdated(self) -> bool:
        """Whether one of the user's own files that rules come from has changed, and none heeds it.

        No watch covers these: git's settings, and the ignore file that they name.
        """
        return self._unheeded or _stamps(self._users_files) != self._users_stamps

    def heed(self) -> None:
        """Read the rules again for whoever then has the folders watched that they leave."""
        self.refresh()
        self._unheeded = False

    def forget(self, folder: str) -> None:
        """Read the rules of a folder and all in it anew: it may be another one by that name."""
        with self._lock:
            if self._folders.pop(folder, None) is not None:
                inner = folder + "/"
                for path in [path for path in self._folders if path.startswith(inner)]:
                    del self._folders[path]

    def ignored(self, path: str, is_folder: bool = False) -> bool:
        """Return whether a path is neither indexed nor watched, for whatever reason."""
        parent, _, name = path.rpartition("/")
        with self._lock:
            folder = self._folder(parent)
            if folder.excluded or self._excluded_in(folder, path, name, is_folder):
                return True
            if path in self._tracked or (is_folder and path in self._tracked_folders):
                return False
            return folder.by_git or (
                folder.git_rules.ignores(*self._full(path, name), is_folder)
                if not is_folder
                else self._folder(path).by_git
            )

    def excluded(self, path: str, is_folder: bool = False) -> bool:
        """Return whether the product's own rules leave a path out, whatever git says."""
        parent, _, name = path.rpartition("/")
        with self._lock:
            folder = self._folder(parent)
            return folder.excluded or self._excluded_in(folder, path, name, is_folder)

    # --- one folder's rules from those of the folder above -------------------------------------

    def _folder(self, path: str) -> _Folder:
        known = self._folders.get(path)
        if known is None:
            parent, _, name = path.rpartition("/")
            known = self._settled(self._folder(parent), path, name)
            self._folders[path] = known
        return known

    def _settled(self, above: _Folder, path: str, name: str) -> _Folder:
        if above.excluded or self._excluded_in(above, path, name, is_folder=True):
            return _EXCLUDED
        # Folders are many, and path objects take longer than all else here.
        place = f"{self._place}{path}"
        prefix_length = len(self._prefix) + len(os.fsencode(path)) + 1
        own_ignore_file = _read(f"{place}/{OWN_IGNORE_FILE}", self._folds_case)
        own_rules = above.own_rules.under(own_ignore_file, prefix_length)
        by_git = path not in self._tracked and (
            above.by_git or above.git_rules.ignores(*self._full(path, name), True)
        )
        if by_git:
            return _Folder(True, False, own_rules=own_rules)
        rules, folds_case = above.git_rules, above.folds_case
        nested = repository_at(Path(place)) if os.path.lexists(f"{place}/.git") else None
        if nested is not None:
            if self._repository is not None and nested.common_dir == self._repository.common_dir:
                return _EXCLUDED
            self._keep_tracked(path)
            outside = _rules_outside(nested, prefix_length)
            rules, folds_case = outside.rules, outside.folds_case
        rules = rules.under(_read(f"{place}/{IGNORE_FILE}", folds_case), prefix_length)
        return _Folder(False, False, rules, own_rules, folds_case)

    def _excluded_in(self, folder: _Folder, path: str, name: str, is_folder: bool) -> bool:
        if name == ".git":
            return True
        if self._globs and self._globs.excludes(os.fsencode(path)):
            return True
        rules = folder.own_rules
        return bool(rules.rules) and rules.ignores(*self._full(path, name), is_folder)

    def _full(self, path: str, name: str) -> tuple[bytes, bytes]:
        """Return the path from the repository's top, and the name, as bytes."""
        return self._prefix + os.fsencode(path), os.fsencode(name)

    # --- a repository's rules ------------------------------------------------------------------

    def _rules_above(self, repository: Repository) -> _Chain:
        """Return the rules from the repository's top to the root's parent, and set the prefix.

        Where they ignore the root itself, its user opened it all the same: no repository then.
        """
        between = self.root.relative_to(repository.top).parts
        outside = _rules_outside(repository, 0)
        self._folds_case = outside.folds_case
        self._users_files = (*self._users_files, outside.excludes_file)
        rules, place, prefix = outside.rules, repository.top, b""
        for part in between:
            rules = rules.under(_read(place / IGNORE_FILE, outside.folds_case), len(prefix))
            name = os.fsencode(part)
            if rules.ignores(prefix + name, name, is_folder=True) and not _holds_tracked(self.root):
                self._repository = None
                return _Chain()
            place, prefix = place / part, prefix + name + b"/"
        self._prefix = prefix
        return rules

    def _keep_tracked(self, path: str) -> None:
        """Note which tracked files of the repository at `path` its rules would ignore."""
        top = self.root / path
        try:
            if path in self._refused:
                refuse_endless(top)  # git would take some seconds to find out
            listed = git(top, "ls-files", "-ci", "--exclude-standard", "-z")
        except GitError as error:
            self._refused.add(path)
            self.problems[path] = error
            return  # the listing walks then, by patterns alone, and says why
        self._refused.discard(path)
        for name in listed.split(b"\0"):
            if not name:
                continue
            file = f"{path}/{os.fsdecode(name)}" if path else os.fsdecode(name)
            self._tracked.add(file)
            folder = file.rpartition("/")[0]
            while folder and folder not in self._tracked_folders:
                self._tracked_folders.add(folder)
                folder = folder.rpartition("/")[0]


_NO_RULES = parse_gitignore(b"")


def _read(path: str | Path, folds_case: bool) -> Rules:
    """Read an ignore file of the working tree; like git, through no link."""
    content = read_regular(path, follow_link=False)
    return parse_gitignore(content, folds_case) if content else _NO_RULES


def _rules_outside(repository: Repository, prefix_length: int) -> _Outside:
    """Return what a repository says outside its working tree, in its folder and the user's own."""
    configured = _configured(repository.top)
    folds_case = configured.get("core.ignorecase", "false").lower() in _TRUE
    users = configured.get("core.excludesfile")
    file = repository.top / Path(users).expanduser() if users else _user_folder() / "ignore"
    everywhere = parse_gitignore(read_regular(file) or b"", folds_case)
    here = read_regular(repository.common_dir / "info" / "exclude") or b""
    rules = _Chain().under(everywhere, prefix_length)
    rules = rules.under(parse_gitignore(here, folds_case), prefix_length)
    return _Outside(rules, folds_case, file)


_TRUE = frozenset({"true", "yes", "on", "1", ""})  # a key without a value is true


def _configured(top: Path) -> dict[str, str]:
    """Return the settings of git that decide on what is ignored, the last of each."""
    asked = r"^core\.(excludesfile|ignorecase)$"
    try:
        listed = git(top, "config", "-z", "--get-regexp", asked, accept=(0, 1))
    except GitError:
        return {}
    pairs = (entry.partition("\n") for entry in os.fsdecode(listed).split("\0") if entry)
    return {key: value for key, _, value in pairs}


def _user_folder() -> Path:
    """Return the folder that git looks for the user's own files in."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "git"


def _user_configuration() -> tuple[Path, ...]:
    """Return the files of the user's own settings for git, whether they are there or not."""
    return Path.home() / ".gitconfig", _user_folder() / "config"


def _stamps(files: Iterable[Path]) -> list[Stamp | None]:
    return [stamp_of(file) for file in files]


def _holds_tracked(folder: Path) -> bool:
    """Return whether git has any file in an ignored folder."""
    try:
        return bool(git(folder, "ls-files", "-z"))
    except GitError:
        return False
