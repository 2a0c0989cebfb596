"""`codearch.index.rebuild`: throw the index away and build it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands import status
from codearch.commands._command import Command

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(context: Context, argument: status.NoArgument) -> status.Status:
    """Begin the index anew; return the state at once, while it is being built."""
    for workspace in context.workspaces:
        workspace.indexer.call("rebuild", {}, context.cancelled)
    return status.run(context, argument)


COMMAND = Command("codearch.index.rebuild", status.NoArgument, status.Status, run)
