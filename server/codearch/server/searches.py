"""What people searched for in a browser, kept for a root in the user's state folder."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from codearch.settings.writing import replace_whole

if TYPE_CHECKING:
    from pathlib import Path

MOST = 30
LONGEST = 1000  # characters; what is longer was pasted rather than typed
_LARGEST_BYTES = 1 << 20  # our own file is smaller: in JSON a character takes twelve bytes at most

log = logging.getLogger(__name__)


class Searches:
    """The searches of one root, the latest first; read anew each time, since others write too."""

    def __init__(self, root: Path, file: Path) -> None:
        self._root = str(root)
        self._file = file

    def latest(self) -> list[str]:
        """Return what is kept; nothing for a file that is no longer ours."""
        try:
            if self._file.stat().st_size > _LARGEST_BYTES:
                return []
            kept = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return []
        if not isinstance(kept, dict) or kept.get("root") != self._root:
            return []
        queries = kept.get("searches")
        if not isinstance(queries, list):
            return []
        return [each for each in queries if isinstance(each, str) and each][:MOST]

    def remember(self, query: str) -> list[str]:
        """Put a search before the others, each of which stands there once; return them."""
        query = query.strip()
        kept = self.latest()
        if not query or len(query) > LONGEST:
            return kept
        latest = [query, *(each for each in kept if each != query)][:MOST]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_whole(self._file, json.dumps({"root": self._root, "searches": latest}))
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file, error.strerror or error)
        return latest

    def forget(self) -> list[str]:
        """Forget all of them; return what could not be."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be removed: %s", self._file, error.strerror or error)
        return self.latest()
