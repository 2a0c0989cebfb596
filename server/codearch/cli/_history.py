"""A command that rests on git's history waits until all of it has been read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands._indexer import FINDINGS, refuse_part

if TYPE_CHECKING:
    from codearch.commands._command import Workspace

MOST_SECONDS = 1800.0


def await_history(workspace: Workspace) -> None:
    """Return when the history has been read, and the rules that rest on it have run.

    On a paused index that would never be: it is used as it is.
    """
    indexer = workspace.indexer
    if not workspace.settings.history.enabled or indexer.call("status")["state"] == "paused":
        return
    indexer.call("want_history", {"paths": [], "wait": MOST_SECONDS})
    refuse_part(indexer.call("flush", {"steps": FINDINGS}), FINDINGS)
