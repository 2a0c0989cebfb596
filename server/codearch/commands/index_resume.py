"""`codearch.index.resume`: follow changes again after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands import status
from codearch.commands._command import Command

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(context: Context, argument: status.NoArgument) -> status.Status:
    """Follow changes again, and catch up with those of the pause."""
    for workspace in context.workspaces:
        workspace.indexer.call("resume", {}, context.cancelled)
    return status.run(context, argument)


COMMAND = Command("codearch.index.resume", status.NoArgument, status.Status, run)
