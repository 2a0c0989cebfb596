"""A file as it was read, and whether it may have changed since."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from codearch.index.prepare import content_key

if TYPE_CHECKING:
    from codearch.index.content import Entry, Source
    from codearch.index.unpacking import Stored
    from codearch.indexer.workers import Wanted

_DOUBTFUL_NS = 2_000_000_000  # before it was read; what changed so shortly may have changed since


class State(NamedTuple):
    """What is known of a file on disk; times in nanoseconds."""

    size: int
    mtime_ns: int
    inode: int
    seen_ns: int  # when it was read


class ReadFile:
    """A file that was read and waits to be written."""

    __slots__ = ("before", "data", "digest", "entry", "key", "language", "seen_ns", "wanted")

    def __init__(self, source: Source, language: str, seen_ns: int) -> None:
        self.entry = source.entry
        self.data = source.data
        self.language = language
        self.seen_ns = seen_ns
        self.digest = hashlib.sha256(source.data).digest()
        self.key = content_key(source.data, language)
        self.before: Stored | None = None  # the version that the index has
        self.wanted: Wanted | None = None  # what rules need that run on it in a worker

    @property
    def state(self) -> State:
        """What the file was like when it was read."""
        return State(*self.entry[1:], self.seen_ns)


def differs(entry: Entry, known: State | None) -> bool:
    """Say whether a file may have another content than the one that is known."""
    if known is None:
        return True
    if (entry.size, entry.mtime_ns, entry.inode) != known[:3]:
        return True
    # Changed so shortly before it was read that a later change may bear the same time.
    return known.seen_ns - entry.mtime_ns < _DOUBTFUL_NS
