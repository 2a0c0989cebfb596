"""What is known of the files of a workspace from one look to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from codearch.detectors._unused.roles import Roles
from codearch.detectors._unused.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from codearch.detectors._unused.candidates import Candidate
    from codearch.detectors._unused.extract import Answers, Extract
    from codearch.detectors._unused.search import Dead
    from codearch.facts import File


class Looked(NamedTuple):
    """How many files were looked at."""

    sources: int
    tests: int  # of the sources
    others: int


class Known:
    """What is known of files, by path, from one run to the next.

    A run may end where somebody more urgent comes: the next one goes on where it was.
    """

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.extracts: dict[str, Extract] = {}
        self.joined: frozenset[str] = frozenset()  # C files that are compiled as one with another
        self.roles = Roles()
        self.questions: dict[str, dict[bytes, Candidate]] = {}
        self.answered: dict[str, Answers] = {}  # before files changed
        self.waiting: set[str] = set()  # files that are other ones than when questions were made
        self.asking: frozenset[bytes] = frozenset()  # what all files are being asked
        self.heard: set[str] = set()  # files that have answered it
        self.unwritten: set[str] = set()  # of which the index keeps less
        self.dead: tuple[Dead, ...] | None = None  # None where others may be now
        self._kinds: dict[str, tuple[bool, bool]] = {}  # a source, a test

    @property
    def looked(self) -> Looked:
        """How many files there are."""
        sources = [test for source, test in self._kinds.values() if source]
        return Looked(len(sources), sum(sources), len(self._kinds) - len(sources))

    def keep(self, path: str, **changes: Any) -> None:
        """Change what is known of a file."""
        self.extracts[path] = msgspec.structs.replace(self.extracts[path], **changes)
        self.unwritten.add(path)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget files that are no more."""
        for path in paths:
            self.dead = None
            for each in (self.digests, self.extracts, self.questions, self._kinds):
                each.pop(path, None)
            for paths_of in (self.waiting, self.heard, self.unwritten):
                paths_of.discard(path)

    def see(self, file: File, extract: Extract) -> None:
        """Know a new state of a file.

        Where its code is the same, what is known of it stands: what was read may be older.
        """
        path, before = file.path, self.extracts.get(file.path)
        if before is not None and before.is_like(extract):
            known = msgspec.structs.replace(before, digest=extract.digest)
        else:
            known = msgspec.structs.replace(extract, asked=before.asked) if before else extract
            self.heard.discard(path)
            if before is None or before.meaning != known.meaning:
                self.dead = None
            elif before.answers is not None:
                self.answered[path] = before.answers
        if known != extract:
            self.unwritten.add(path)
        self.extracts[path] = known
        self.digests[path] = file.digest
        self._kinds[path] = file.language in RULES, file.test

    def begin_asking(self, questions: AbstractSet[bytes]) -> None:
        """Begin to ask all files, or go on where the same was being asked."""
        if not questions <= self.asking:
            self.asking = frozenset(questions)
            self.heard.clear()

    def end_asking(self) -> None:
        """Note that all files have answered."""
        self.asking = frozenset()
        self.heard.clear()
        self.answered.clear()
