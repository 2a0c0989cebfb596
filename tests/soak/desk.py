"""Where the random operations happen: a repository, the windows open on it, and what they need."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from codearch.settings import root_cache
from patience import comes_true, wait_until
from soak.languages import PYTHON, Writing, writing_of
from soak.truth import SUBMODULE, Truth
from soak.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LETTERS = "bcdfghjklmnpqrstvwxyz"
_MOST_BYTES = 120_000
_END_SECONDS = 30.0


class Desk:
    """A repository at work. `choose` is set anew for each operation, so that it stands alone."""

    def __init__(self, root: Path, folder: Path, seed: int) -> None:
        self.root = root
        self.folder = folder
        self.seed = seed
        self.truth = Truth(root)
        self.choose = random.Random(seed)
        self.windows: list[Window] = []
        self.clock = folder / "clock"
        self.edited: set[str] = set()  # files, since the operation began
        self._words = 0
        self._names: list[str] = []

    def begin(self, number: int) -> None:
        """Make ready for an operation: its choices depend on seed and number alone."""
        self.choose = random.Random(f"{self.seed}:{number}")
        self.edited = set()
        self._words = number * 40

    # --- words and files -----------------------------------------------------------------------

    def word(self) -> str:
        """Return a word of eight letters that stands nowhere yet."""
        self._words += 1
        left, letters = self._words * 104_729 + self.seed % 89, ""
        for _ in range(6):
            left, place = divmod(left, len(_LETTERS))
            letters += _LETTERS[place]
        return "zq" + letters

    def sources(self, most_bytes: int = _MOST_BYTES) -> list[str]:
        """Return the indexed files of the languages that can be written, small ones alone."""
        return [
            path
            for path in self.truth.files()
            if self._is_written(path) and (self.root / path).stat().st_size <= most_bytes
        ]

    def _is_written(self, path: str) -> bool:
        """Say whether a file is one to edit; those of another repository have their own ways."""
        return writing_of(path) is not None and not path.startswith(f"{SUBMODULE}/")

    def source(self) -> str:
        """Return one of them; one is made where there is none."""
        found = self.sources()
        if found:
            return self.choose.choice(found)
        self.write("first.py", b"def first():\n    return 1\n")
        return "first.py"

    def marked(self) -> str:
        """Return a source with a word of ours, if there is any."""
        words = self.truth.words()
        paths = sorted({path for places in words.values() for path in places})
        paths = [path for path in paths if self._is_written(path)]
        return self.choose.choice(paths) if paths else self.source()

    def folders(self) -> list[str]:
        """Return all folders that hold sources, the root as ""."""
        return sorted({path.rpartition("/")[0] for path in self.sources()} | {""})

    def read(self, path: str) -> bytes:
        """Return what a file holds."""
        return (self.root / path).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Write a file in its place, and the folders that it needs."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.edited.add(path)

    def append(self, path: str, text: str) -> None:
        """Write more at a file's end."""
        with (self.root / path).open("ab") as file:
            file.write(text.encode())
        self.edited.add(path)

    def writing(self, path: str) -> Writing:
        """Return how a file is written."""
        return writing_of(path) or PYTHON

    def callee(self) -> str:
        """Return the name of some function of the repository."""
        if not self._names:
            found = set()
            for path in self.sources():
                naming = self.writing(path).naming
                for line in self.read(path).decode("utf-8", "replace").splitlines():
                    match = naming.match(line)
                    if match:
                        found.add(match[1])
            self._names = sorted(found) or ["print"]
        return self.choose.choice(self._names)

    def definition(self, path: str, word: str) -> str:
        """Return a new function of this name, as one would write it in this file."""
        return self.writing(path).definition.format(word=word, callee=self.callee())

    def lines(self, path: str) -> list[str]:
        """Return a file's lines with their ends; what is no UTF-8 survives."""
        return re.split(r"(?<=\n)", self.read(path).decode("utf-8", "surrogateescape"))

    def write_lines(self, path: str, lines: Sequence[str]) -> None:
        """Write lines back."""
        self.write(path, "".join(lines).encode("utf-8", "surrogateescape"))

    # --- git -----------------------------------------------------------------------------------

    def git(self, *arguments: str, folder: str = "") -> bool:
        """Run git as the user would; return whether it did what it was asked."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root / folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def git_lines(self, *arguments: str) -> list[str]:
        """Return what git prints."""
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace").split("\n")[:-1]

    def commit(self) -> None:
        """End whatever git is in the middle of, and commit what lies there."""
        if (self.root / ".git" / "rebase-merge").exists():
            self.git("rebase", "--abort")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Go on")

    # --- processes -----------------------------------------------------------------------------

    def open_window(self) -> None:
        """Open one more window."""
        self.windows.append(Window(self.root))

    def window(self) -> Window:
        """Return one of the windows."""
        return self.choose.choice(self.windows)

    def replace(self, window: Window, *, killed: bool) -> None:
        """End a window and open another in its stead."""
        window.kill() if killed else window.close()
        self.windows[self.windows.index(window)] = Window(self.root)

    def indexer(self) -> psutil.Process | None:
        """Return the process that keeps the index, None where there is none."""
        try:
            said = json.loads((root_cache(self.root) / "indexer.json").read_bytes())
            return psutil.Process(said["pid"])
        except (OSError, ValueError, psutil.Error):
            return None

    def end_indexer(self, how: signal.Signals) -> None:
        """End the indexer, and wait until it is gone."""
        for window in list(self.windows):
            if window.lost():  # three losses in a minute make a window go on without it
                self.replace(window, killed=False)
        process = self.indexer()
        if process is None:
            return

        def gone() -> bool:
            # One that its parent has not taken notice of yet is gone all the same.
            return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE

        with suppress(OSError, psutil.Error):
            process.send_signal(how)
            if not comes_true(gone, _END_SECONDS):
                process.kill()
                wait_until(gone)

    def close(self) -> None:
        """Close all windows, and wait until nothing of theirs is left."""
        for window in self.windows:
            window.close()
        self.windows.clear()
        self.end_indexer(signal.SIGTERM)

    def set_clock(self, seconds: float) -> None:
        """Set how far the clock of all the product's processes is ahead."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self.clock)

    def pause_for_the_clock(self) -> None:
        """Let the file system's clock tick, so that the next change bears another time."""
        time.sleep(0.01)
