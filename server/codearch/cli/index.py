"""`codearch index`: bring the index up to date."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli._session import RESUME, say_errors, session
from codearch.commands._indexer import EVERYTHING, refuse_part
from codearch.errors import PausedError

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "index",
    epilog=examples(
        "codearch index",
        "codearch index --full          # forget everything and read it anew",
        "codearch index --resume        # also where an editor has paused it",
        "codearch index --json | jq .hitRate",
    ),
)
@root_option
@click.option("--full", is_flag=True, help="Throw the index away first.")
@click.option("--resume", is_flag=True, help="Follow changes again where somebody paused it.")
@json_option
def index(root: Path | None, *, full: bool, resume: bool, as_json: bool) -> None:
    """Bring the index up to date and wait until nothing is pending.

    Files that cannot be read are counted in `errors` and stop nothing.
    """
    began = time.perf_counter()
    with session(root, needs=None) as context:
        indexer = context.workspaces[0].indexer
        try:
            counters = indexer.call("index", {"full": full, "resume": resume})
        except PausedError as error:
            raise PausedError(error.message, mend=RESUME) from error
        refuse_part(counters, EVERYTHING)
        say_errors(indexer)
    counters.pop("failed", None)
    counters["tookMs"] = round((time.perf_counter() - began) * 1000)
    if as_json:
        print_json(counters)
        return
    click.echo(
        "{files:,} files, {symbols:,} symbols; {parsed:,} files parsed, {unchanged:,} unchanged, "
        "{removed:,} removed; {embedded:,} texts embedded, {reused:,} reused; "
        "{errors:,} errors; generation {generation}; {tookMs:,} ms".format(**counters)
    )


CLI = index
