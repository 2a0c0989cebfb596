"""Files that go here and come there: whose symbols stay who they are."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.index.identity import Known

_MOST_FILES = 2_000
_SECONDS = 30.0  # git deletes what a branch lacks long before it has written what that has


class Departed(msgspec.Struct):
    """What was known of a file that is removed."""

    path: str
    digest: bytes
    language: str
    known: list[Known]


def moved_from(
    digest: bytes, language: str, bodies: Sequence[int], departed: list[Departed]
) -> list[Known]:
    """Return the symbols of the removed file that a new one continues, none where there is none.

    Equal content first; else the removed file of the same language that shares most bodies, if
    that is at least half of its own. It is taken out of `departed`.
    """
    same = next((each for each in departed if each.digest == digest), None)
    if same is None:
        mine = {body for body in bodies if body}
        best, shared = None, 0
        for each in departed:
            theirs = {one.body for one in each.known if one.body}
            common = len(mine & theirs)
            if each.language == language and common > shared and 2 * common >= len(theirs):
                best, shared = each, common
        same = best
    if same is None:
        return []
    departed.remove(same)
    return same.known


class LatelyGone:
    """Files that went a moment ago, for those of equal content that come a moment later."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._gone: dict[bytes, list[tuple[float, Departed]]] = {}  # by digest, the oldest first

    def remember(self, departed: Iterable[Departed]) -> None:
        """Remember files that went, and that nothing has continued; forget those of long ago."""
        now = self._clock()
        for each in departed:
            self._gone.setdefault(each.digest, []).append((now, each))
        while self._gone:
            first, entries = next(iter(self._gone.items()))
            if len(self._gone) <= _MOST_FILES and entries[-1][0] >= now - _SECONDS:
                break
            del self._gone[first]

    def come_back(self, digest: bytes, taken: Callable[[int], bool]) -> list[Known]:
        """Return the symbols of one with this content; `taken` are uids that live elsewhere now."""
        entries = self._gone.get(digest)
        if not entries:
            return []
        went, departed = entries.pop()
        if not entries:
            del self._gone[digest]
        if went < self._clock() - _SECONDS:
            return []
        return [each for each in departed.known if not taken(each.uid)]
