"""Old files of a workspace as the indexer knows them: read and judged when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codearch.errors import Cancelled
from codearch.trends import Change, Sample, Version, key_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.commands._command import Context, Workspace

_WAIT_S = 1.0  # a call; whoever has gone is waited for no longer
_AT_ONCE = 500  # files that are held in memory


class OldFiles:
    """What there is to say of old files of one workspace. `lacking` counts those not in git."""

    def __init__(self, context: Context, workspace: Workspace, revisions: int) -> None:
        self._context = context
        self._workspace = workspace
        self._revisions = revisions
        self._read = 0
        self._version = ""
        self.lacking = 0

    def all_of(self, sample: Sample) -> Iterator[Version]:
        """Yield each file of a revision."""
        changes = self.changes(sample, None)
        for start in range(0, len(changes), _AT_ONCE):
            part = changes[start : start + _AT_ONCE]
            yield from self._versions((each.path, each.new) for each in part)

    def changes(self, newer: Sample, older: Sample | None) -> list[Change]:
        """Return what changed up to a revision, from another one on or from nothing.

        Raises GitError, and Cancelled when nobody wants it any more.
        """
        wanted: dict[str, Any] = {
            "newer": newer.commit,
            "older": older.commit if older is not None else "",
            "wait": _WAIT_S,
        }
        while True:
            self._context.told("reading revisions", self._read, self._revisions)
            answer = self._workspace.indexer.call("study", wanted, self._context.cancelled)
            if self._context.cancelled():  # also where the answer was there at once
                message = "The request was cancelled."
                raise Cancelled(message)
            if not answer["left"]:
                break
        self._read += 1
        self._version = answer["version"]
        self.lacking += answer["lacking"]
        return [Change(*each) for each in answer["changes"]]

    def both_sides(self, changes: Iterable[Change]) -> tuple[list[Version], list[Version]]:
        """Return the changed files as they were, and as they became."""
        changes = list(changes)
        olds = self._versions((each.old_path, each.old) for each in changes if each.old)
        return list(olds), list(
            self._versions((each.path, each.new) for each in changes if each.new)
        )

    def _versions(self, files: Iterable[tuple[str, str]]) -> Iterator[Version]:
        keys = {key_of(self._version, blob, path): path for path, blob in files}
        with self._workspace.read() as snapshot:
            kept = snapshot.studied(list(keys))
        for key, path in keys.items():
            yield Version(path, unpacked(kept.get(key, b"")))
