"""`codearch.index.flush`: wait until everything written or edited before is searchable."""

from __future__ import annotations

import time

from codearch.commands._command import Command, Context, Form
from codearch.commands._indexer import VECTORS, refuse_part
from codearch.commands.status import NoArgument


class Flushed(Form):
    """The generation that holds everything, and how long it took to get there."""

    generation: int
    took_ms: float


def run(context: Context, _: NoArgument) -> Flushed:
    """Return when disk and buffers, as they are now, are searchable, vectors included."""
    began = time.perf_counter()
    generation = 0
    for workspace in context.workspaces:
        answer = workspace.indexer.call("flush", {}, context.cancelled)
        refuse_part(answer, VECTORS)
        generation = max(generation, int(answer["generation"]))
    took = (time.perf_counter() - began) * 1000
    return Flushed(generation=generation, took_ms=round(took, 1))


COMMAND = Command("codearch.index.flush", NoArgument, Flushed, run)
