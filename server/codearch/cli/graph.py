"""`codearch graph`: the code graph as data or as a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from codearch.cli._options import examples, root_option
from codearch.cli._output import local, print_json
from codearch.cli._session import session
from codearch.cli._where import path_below
from codearch.commands import graph as command
from codearch.commands._indexer import FINDINGS
from codearch.commands._parts import Kind, Level, level_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codearch.commands._command import Context


@click.command(
    "graph",
    epilog=examples(
        "codearch graph dependencies --format mermaid",
        "codearch graph calls --scope src/server.py --depth 2 --format dot | dot -Tsvg > g.svg",
        "codearch graph cycles --format text",
        "codearch graph dependencies --level folder | jq .edges",
    ),
)
@click.argument("kind", type=click.Choice(get_args(Kind)))
@root_option
@click.option("--scope", help="A file, folder or glob to draw the surroundings of.")
@click.option(
    "--depth",
    type=click.IntRange(0, 20),
    default=1,
    show_default=True,
    help="How many steps to go beyond the scope.",
)
@click.option("--level", type=click.Choice(get_args(Level)), help="What a node is.")
@click.option("--limit", type=click.IntRange(1, 100_000), help="How many nodes at most.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "mermaid", "dot", "text"]),
    default="json",
    show_default=True,
    help="Data, a drawing, or lines to read.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
def graph(kind: Kind, root: Path | None, *, form: str, **options: Any) -> None:
    """Show what depends on what: imports, calls, import cycles, files that change together."""
    level_of(kind, options["level"])
    with session(root, needs=FINDINGS, awaits=FINDINGS) as context:
        options["scope"] = _scope(context, options["scope"])
        wanted = "json" if form == "text" else form
        answer = command.COMMAND.answer(context, {"kind": kind, "format": wanted, **options})
        found = local(answer, context.workspaces[0].root)
    if form == "json":
        print_json(found)
    elif form == "text":
        _print(found)
    else:
        click.echo(found["text"], nl=False)


def _scope(context: Context, scope: str | None) -> str | None:
    """Return a scope below the root; a glob stays as it is."""
    if scope is None or any(mark in scope for mark in "*?"):
        return scope
    return path_below(scope, context.workspaces[0].root)


def _print(found: Mapping[str, Any]) -> None:
    if "cycles" in found:
        for cycle in found["cycles"]:
            ring = [*cycle["shortest"], cycle["shortest"][0]]
            click.echo(f"{len(cycle['files'])} files import each other: {' -> '.join(ring)}")
            cut = cycle["cut"]
            click.echo(f"  cut {cut['source']} -> {cut['target']}: it frees {cycle['freed']} files")
        click.echo(f"{len(found['cycles'])} cycles")
        return
    labels = {node["id"]: node["label"] for node in found["nodes"]}
    for edge in found["edges"]:
        edge |= {"from": labels[edge["source"]], "to": labels[edge["target"]]}
    for edge in sorted(found["edges"], key=lambda edge: (edge["from"], edge["to"])):
        times = f"  ({edge['count']})" if edge["count"] > 1 else ""
        click.echo(f"{edge['from']} -> {edge['to']}{times}")
    if found["leftOut"]:
        click.echo(f"{found['leftOut']} nodes left out")


CLI = graph
