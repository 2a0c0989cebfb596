"""Contents on their way through the workers: out, back, recalled, or tried again after a crash."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

from codearch.index.found import FoundAlone
from codearch.index.prepare import Prepared
from codearch.indexer.read_files import ReadFile, differs
from codearch.indexer.workers import Job, Made, unpacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.index.content import Entry
    from codearch.index.listing import Listing
    from codearch.indexer.workshop import Workshop

log = logging.getLogger(__name__)

CHUNK_BYTES = 150_000  # of contents that a worker is given together
_COMMIT_BYTES = 800_000  # of contents: what is known of them takes a hundred times as much
_HELD_SECONDS = 1.0  # that what workers have finished waits for more, at most


class Done(NamedTuple):
    """Files that workers have finished, their contents by key, and what rules found in them."""

    files: list[ReadFile]
    contents: dict[bytes, Prepared]
    found: dict[tuple[str, bytes], FoundAlone]  # by path and content


class Bulk:
    """What workers have of the files that were read; the engine's thread alone."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._flying: dict[Future[bytes], list[ReadFile]] = {}
        self._finished: list[tuple[list[ReadFile], Made]] = []  # to be written together
        self._held_since = 0.0  # on the monotonic clock
        self._suspects: list[ReadFile] = []  # a worker died of one of them, or by another hand
        self._alone: Future[bytes] | None = None  # a suspect that nothing flies beside
        self._crashed: set[bytes] = set()  # contents of which a worker has died once, all alone

    @property
    def flying(self) -> bool:
        """Whether workers have something."""
        return bool(self._flying)

    @property
    def full(self) -> bool:
        """Whether workers have as much as keeps them busy."""
        return len(self._flying) >= 2 * self._shop.workers.count

    @property
    def underway(self) -> bool:
        """Whether anything is with workers, goes there again, or waits to be written."""
        return bool(self._chunks())

    def hand_out(self, files: Sequence[ReadFile]) -> None:
        """Give contents to the workers in chunks of about equal size."""
        chunk: list[ReadFile] = []
        size = 0
        for each in files:
            chunk.append(each)
            size += len(each.data)
            if size >= CHUNK_BYTES:
                self._submit(chunk)
                chunk, size = [], 0
        if chunk:
            self._submit(chunk)

    def take_back(self, portion: int, *, last: bool) -> tuple[Done | None, list[Entry]]:
        """Return what workers have finished, and files that kill whoever parses them.

        What is finished waits until it is a commit's worth: `portion` files, or large ones, or a
        second. After the `last` ones were given out nothing waits: it is looked at while workers
        still parse the rest.
        """
        deadly: list[Entry] = []
        for future in [future for future in self._flying if future.done()]:
            chunk = self._flying.pop(future)
            if (error := future.exception()) is not None:
                log.warning("a worker failed: %r", error)
                deadly += self._after_crash(chunk, alone=future is self._alone)
                continue
            if not self._finished:
                self._held_since = time.monotonic()
            made = unpacked(future.result())
            self._shop.progress.parsed(made.seconds)
            self._finished.append((chunk, made))
        if not self._finished or not self._worth_a_commit(portion, last=last):
            return None, deadly
        finished, self._finished = self._finished, []
        files = [each for chunk, _ in finished for each in chunk]
        contents = {each.key: each for _, made in finished for each in made.contents}
        found = {(each.path, each.key): each for _, made in finished for each in made.found}
        return Done(files, contents, found), deadly

    def try_suspect(self) -> bool:
        """Have one content parsed with nothing beside it; return whether there was one."""
        if not self._suspects:
            self._shop.workers.close()  # their memory is wanted for what comes next
            return False
        self._submit([self._suspects.pop(0)])
        self._alone = next(iter(self._flying))
        return True

    def abandon(self) -> None:
        """Give all of it up; what was not written is found again by the next look at the disk."""
        self._flying.clear()
        self._finished.clear()
        self._suspects.clear()
        self._shop.workers.close()

    # --- what has changed meanwhile ----------------------------------------------------------

    def recall_touched(self, paths: set[str]) -> None:
        """Take no notice of what workers make of these files, and of those gone with a folder."""
        touched = set()
        for path in self._files():
            above = not paths.isdisjoint(_folders_of(path))
            if path in paths or (above and not (self._shop.root / path).is_file()):
                touched.add(path)
        self._recall(touched)

    def recall_outdated(self, found: Listing) -> set[str]:
        """Do so with all that is not on disk as it was read; return the files that still are."""
        flying = self._files()
        if not flying:
            return set()
        present = {entry.path: entry for entry in found.entries if entry.path in flying}
        outdated = {
            path
            for path, each in flying.items()
            if path not in present or differs(present[path], each.state)
        }
        self._recall(outdated)
        return flying.keys() - outdated

    def _recall(self, paths: set[str]) -> None:
        """Forget these files wherever they are: else what was read first would be written last."""
        for chunk in self._chunks() if paths else ():
            chunk[:] = [each for each in chunk if each.entry.path not in paths]

    # --- inside ------------------------------------------------------------------------------

    def _submit(self, chunk: list[ReadFile]) -> None:
        future = self._shop.workers.submit(
            [Job(each.data, each.language, each.wanted, each.before) for each in chunk]
        )
        self._flying[future] = chunk
        self._alone = None
        future.add_done_callback(lambda _: self._shop.wake())

    def _chunks(self) -> list[list[ReadFile]]:
        chunks = [*self._flying.values(), *(chunk for chunk, _ in self._finished)]
        return [*chunks, self._suspects] if self._suspects else chunks

    def _files(self) -> dict[str, ReadFile]:
        return {each.entry.path: each for chunk in self._chunks() for each in chunk}

    def _worth_a_commit(self, portion: int, *, last: bool) -> bool:
        if last:
            return True
        if time.monotonic() - self._held_since > _HELD_SECONDS:
            return True
        files = [each for chunk, _ in self._finished for each in chunk]
        return len(files) >= portion or sum(len(each.data) for each in files) >= _COMMIT_BYTES

    def _after_crash(self, chunk: list[ReadFile], *, alone: bool) -> list[Entry]:
        """Have the files of a worker that died tried alone; return those that killed two so.

        All that flies falls with one worker, and the system kills any when memory is short.
        """
        deadly = []
        for each in chunk:
            if alone and each.key in self._crashed:
                deadly.append(each.entry)
                continue
            if alone:
                self._crashed.add(each.key)
            self._suspects.append(each)
        return deadly


def _folders_of(path: str) -> list[str]:
    """Return the folders that a path lies in."""
    return [path[:at] for at, letter in enumerate(path) if letter == "/"]
