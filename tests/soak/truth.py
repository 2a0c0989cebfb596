"""What the disk holds, as git itself tells it: which files count, and where a word stands."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from codearch import languages
from codearch.index.content import refusal

WORD = re.compile(rb"zq[a-z]{6}")


class _Read(NamedTuple):
    state: tuple[int, ...]
    words: frozenset[str]
    refused: bool


class Truth:
    """Reads the disk anew at each question; what did not change since is not read twice."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, _Read] = {}

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
        own = "--exclude-per-directory=.codearchignore"
        listed = self._git("ls-files", "-co", "--exclude-standard", "-z")
        left_out = set(self._git("ls-files", "-co", "-i", own, "-z"))
        found = {path for path in listed if path not in left_out and not path.endswith("/")}
        linked = self._linked({path.rpartition("/")[0] for path in found})
        return sorted(
            path for path in found if path.rpartition("/")[0] not in linked and self._is_file(path)
        )

    def _linked(self, folders: set[str]) -> set[str]:
        """Return the folders that are links, or lie in one."""
        return {each for each in folders if (self.root / each).resolve() != self.root / each}

    def _git(self, *arguments: str) -> list[str]:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=True)
        return os.fsdecode(done.stdout).split("\0")[:-1]

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
