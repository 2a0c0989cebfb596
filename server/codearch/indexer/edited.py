"""The trees of the buffers that are being edited, from which the next ones are made."""

from __future__ import annotations

from collections import OrderedDict

from codearch.parse.edited import LastTree

_MOST_FILES = 4
_MOST_BYTES = 1_000_000  # of source; its trees take some twenty times as much


class Edited:
    """Keeps the trees of those edited latest; others are made anew when somebody returns."""

    def __init__(self) -> None:
        self._trees: OrderedDict[tuple[int, str], LastTree] = OrderedDict()

    def of(self, session: int, path: str) -> LastTree:
        """Return what is kept of a session's buffer, empty at first."""
        last = self._trees.setdefault((session, path), LastTree())
        self._trees.move_to_end((session, path))
        sizes = [each.size for each in self._trees.values()]
        while len(sizes) > 1 and (len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES):
            self._trees.popitem(last=False)
            del sizes[0]
        return last

    def forget(self, session: int, path: str) -> None:
        """Give up what is kept of a buffer that is closed."""
        self._trees.pop((session, path), None)

    def leave(self, session: int) -> None:
        """Give up what is kept of a session that has gone."""
        for key in [key for key in self._trees if key[0] == session]:
            del self._trees[key]
