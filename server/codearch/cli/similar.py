"""`codearch similar`: code like the code at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import local, place, print_json, styled
from codearch.cli._session import session
from codearch.cli._where import parsed_place, symbol_at
from codearch.commands import similar as command
from codearch.commands._indexer import VECTORS

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "similar",
    epilog=examples(
        "codearch similar src/server.py:120",
        "codearch similar src/server.py:120 --threshold 0.8 --cross-language --json",
    ),
)
@click.argument("where", metavar="FILE:LINE")
@root_option
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="The least similarity, the cosine of the vectors.",
)
@click.option("--cross-language", is_flag=True, help="Also code in other languages.")
@click.option("--limit", type=click.IntRange(1, 100), help="How many results at most; 10 if unset.")
@json_option
def similar(where: str, root: Path | None, *, as_json: bool, **options: Any) -> None:
    """Find code that does what the function or class at a place does."""
    written = parsed_place(where)
    if written is None:
        message = f"{where!r} is no FILE:LINE."
        raise click.UsageError(message)
    with session(root, needs=VECTORS) as context:
        workspace = context.workspaces[0]
        symbol = symbol_at(workspace, *written)
        name = symbol.name_span
        argument = {
            "uri": (workspace.root / symbol.path).as_uri(),
            "position": {"line": name.line, "character": name.column},
            "threshold": options["threshold"],
            "crossLanguage": options["cross_language"],
            "limit": options["limit"],
        }
        answer = local(command.COMMAND.answer(context, argument), workspace.root)
    if as_json:
        print_json({"query": where, **answer})
        return
    if not answer["results"]:
        click.echo("Nothing like it was found.")
    for hit in answer["results"]:
        share = styled(f"{hit['similarity']:.0%}", bold=True)
        click.echo(f"{share}  {styled(place(hit), fg='cyan')}  {hit['symbol']} ({hit['kind']})")


CLI = similar
