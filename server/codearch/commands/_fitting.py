"""Whether fixes still fit what an editor shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.moving import holds
from codearch.secrets import hidden
from codearch.text import Lines

if TYPE_CHECKING:
    from codearch.commands._command import Context, Document
    from codearch.facts import Fix
    from codearch.snapshot import Snapshot


class Fitting:
    """Compares the fixes of a snapshot with the documents as they are now."""

    def __init__(self, context: Context, snapshot: Snapshot) -> None:
        self._context = context
        self._snapshot = snapshot
        self._documents: dict[str, Document | None] = {}
        self._lines: dict[str, Lines] = {}

    def document(self, path: str) -> Document | None:
        """Return the document that is open of a file."""
        if path not in self._documents:
            self._documents[path] = self._context.document(self._snapshot.root / path)
        return self._documents[path]

    def holds(self, path: str) -> bool:
        """Say whether the snapshot has what the editor shows of a file."""
        document = self.document(path)
        if document is None:
            return True
        source = self._snapshot.source(path)
        secrets = self._snapshot.facts(path).secrets
        written = document.text.encode("utf-8", "replace")
        if b"\r\n" in source and b"\r\n" not in written:
            written = written.replace(b"\n", b"\r\n")  # editors keep line ends beside the text
        return len(written) == len(source) and hidden(written, secrets) == source

    def fits(self, fix: Fix) -> bool:
        """Say whether the editor shows all the lines that a fix was made for."""
        return all(self.holds(path) for path in {edit.path for edit in fix.edits}) and all(
            holds(self._lines_of(edit.path), edit.anchor) for edit in fix.edits
        )

    def _lines_of(self, path: str) -> Lines:
        if path not in self._lines:
            self._lines[path] = Lines(self._snapshot.source(path))
        return self._lines[path]
