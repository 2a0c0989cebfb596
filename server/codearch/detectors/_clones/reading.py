"""Files as they are compared: those that were used last are kept, by their code."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from codearch.detectors._clones.kept import read

if TYPE_CHECKING:
    from codearch.detectors._clones.sources import Source
    from codearch.detectors._detector import Project

_MOST_TOKENS = 4_000_000  # of files that are being compared, in memory
_AT_REST = 300_000  # for the next edit of the same files


class Sources:
    """The files that were compared last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Source] = OrderedDict()
        self._tokens = 0

    def source(self, project: Project, path: str, code: bytes) -> Source:
        """Return a file of this code."""
        known = self._kept.get(code)
        if known is not None:
            self._kept.move_to_end(code)
            return known
        made = read(project, path, code)
        self._kept[code] = made
        self._tokens += len(made.tokens)
        self._drop(_MOST_TOKENS)
        return made

    def rest(self) -> None:
        """Keep few of them until files are compared again."""
        self._drop(_AT_REST)

    def _drop(self, most: int) -> None:
        while self._tokens > most and len(self._kept) > 2:
            self._tokens -= len(self._kept.popitem(last=False)[1].tokens)
