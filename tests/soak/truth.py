"""What the disk holds, as git itself tells it: which files count, and where a word stands."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import tomllib
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from codearch import languages
from codearch.index.content import refusal

WORD = re.compile(rb"zq[a-z]{6}")
OWN_RULES = ".codearchignore"
SETTINGS = "codearch.toml"
SUBMODULE = "borrowed/library"  # the one place where repositories lie within the one at work


class _Read(NamedTuple):
    state: tuple[int, ...]
    words: frozenset[str]
    refused: bool


class Truth:
    """Reads the disk anew at each question; what did not change since is not read twice."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, _Read] = {}
        self._copy = root.parent / "names"  # the names of all files, where git is asked about ours
        self._copied: dict[str, bytes] = {}

    def files(self) -> list[str]:
        """Return the files that are to be indexed, in order."""
        self._known = {path: self._read(path) for path in self._listed()}
        return [path for path, read in self._known.items() if not read.refused]

    def words(self) -> dict[str, set[str]]:
        """Return in which of these files each of our words stands."""
        places: dict[str, set[str]] = defaultdict(set)
        for path in self.files():
            for word in self._known[path].words:
                places[word].add(path)
        return dict(places)

    def _listed(self) -> list[str]:
        listed = self._of_repository("")
        left_out = self._left_out(listed) | self._excluded(listed)
        found = {path for path in listed if path not in left_out}
        linked = self._linked({path.rpartition("/")[0] for path in found})
        return sorted(
            path for path in found if path.rpartition("/")[0] not in linked and self._is_file(path)
        )

    def _of_repository(self, below: str) -> list[str]:
        """Return what git lists in a repository, and in those within it.

        Another working tree of the same repository is none of them.
        """
        found = []
        for name in self._git("ls-files", "-co", "--exclude-standard", "-z", below=below):
            path = f"{below}/{name}" if below else name
            if not (self.root / path).is_dir() or (self.root / path).is_symlink():
                found.append(path)
            elif (self.root / path / ".git").exists() and not self._is_other_tree(path):
                found += self._of_repository(path.rstrip("/"))
        return found

    def _is_other_tree(self, path: str) -> bool:
        asked = ("rev-parse", "--path-format=absolute", "--git-common-dir")
        return self._git(*asked, below=path) == self._git(*asked)

    def _left_out(self, listed: list[str]) -> set[str]:
        """Return what our own ignore files leave out: as git reads them, whatever is tracked.

        It is asked in a copy of the names where nothing is tracked, and no repository within.
        """
        own = f"--exclude-per-directory={OWN_RULES}"
        if not (self.root / SUBMODULE / ".git").exists():
            return set(self._git("ls-files", "-co", "-i", own, "-z"))
        rules = {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob(OWN_RULES)
        }
        self._copy_names({**dict.fromkeys(listed, b""), **rules})
        return set(self._git("ls-files", "-o", "-i", own, "-z", root=self._copy))

    def _copy_names(self, wanted: dict[str, bytes]) -> None:
        """Bring the copy up to date: to make hundreds of files anew each time costs seconds."""
        if not self._copied:
            self._copy.mkdir()
            subprocess.run(["git", "init", "-q"], cwd=self._copy, check=True)
        for path in self._copied.keys() - wanted.keys():
            (self._copy / path).unlink()
            with suppress(OSError):  # it holds others
                os.removedirs((self._copy / path).parent)
        for path, data in wanted.items():
            if self._copied.get(path) != data:
                (self._copy / path).parent.mkdir(parents=True, exist_ok=True)
                (self._copy / path).write_bytes(data)
        self._copied = wanted

    def _excluded(self, listed: list[str]) -> set[str]:
        """Return what `files.exclude` leaves out, of the forms of globs that are written here."""
        try:
            said = tomllib.loads((self.root / SETTINGS).read_text())["files"]["exclude"]
        except (OSError, ValueError, KeyError):
            return set()
        on = {glob for glob, out in said.items() if out}
        return {path for path in listed if any(_is_out(part, on, said) for part in _parts(path))}

    def _linked(self, folders: set[str]) -> set[str]:
        """Return the folders that are links, or lie in one."""
        return {each for each in folders if (self.root / each).resolve() != self.root / each}

    def _git(self, *arguments: str, below: str = "", root: Path | None = None) -> list[str]:
        where = (root or self.root) / below
        done = subprocess.run(["git", *arguments], cwd=where, capture_output=True, check=True)
        said = os.fsdecode(done.stdout)
        return said.split("\0")[:-1] if "-z" in arguments else said.splitlines()

    def _is_file(self, path: str) -> bool:
        try:
            return stat.S_ISREG((self.root / path).lstat().st_mode)
        except OSError:
            return False

    def _read(self, path: str) -> _Read:
        place = self.root / path
        status = place.lstat()
        state = (status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)
        known = self._known.get(path)
        if known is not None and known.state == state:
            return known
        data = place.read_bytes()
        refused = refusal(path, status, data) or not languages.by_path(path, data[:4096])
        return _Read(state, frozenset(each.decode() for each in WORD.findall(data)), bool(refused))


def _parts(path: str) -> list[str]:
    """Return a path and the folders that it lies in."""
    names = path.split("/")
    return ["/".join(names[: at + 1]) for at in range(len(names))]


def _is_out(path: str, on: set[str], said: dict[str, bool]) -> bool:
    name = path.rpartition("/")[2]  # a glob without a slash means it at any depth
    meaning = {path, f"{path}/**", f"**/{name}", name}
    return bool(meaning & on) and not any(not said.get(glob, True) for glob in meaning)
