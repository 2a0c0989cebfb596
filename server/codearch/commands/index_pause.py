"""`codearch.index.pause`: stop following changes until resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands import status
from codearch.commands._command import Command

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(context: Context, argument: status.NoArgument) -> status.Status:
    """Stop following changes; what is indexed stays searchable."""
    for workspace in context.workspaces:
        workspace.indexer.call("pause", {}, context.cancelled)
    return status.run(context, argument)


COMMAND = Command("codearch.index.pause", status.NoArgument, status.Status, run)
