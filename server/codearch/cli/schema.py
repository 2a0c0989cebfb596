"""`codearch schema`: JSON Schemas of the commands and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codearch.cli._options import examples, root_option
from codearch.cli._output import print_json
from codearch.commands._schema import schemas

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "schema",
    epilog=examples(
        "codearch schema | jq '.commands[\"codearch.search\"].argument'",
        "codearch schema | jq .settings > codearch.schema.json",
    ),
)
@root_option
@click.option("--json", "as_json", is_flag=True, help="The same: a schema is JSON.")
def schema(root: Path | None, *, as_json: bool) -> None:
    """Print one JSON object: `settings`, and `commands` with argument and result of each."""
    del root, as_json  # taken because every command takes them
    print_json(schemas())


CLI = schema
