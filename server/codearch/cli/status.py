"""`codearch status`: how fresh the index is, how large, and what is off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._session import session
from codearch.commands import status as command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command("status", epilog=examples("codearch status", "codearch status --json | jq .pending"))
@root_option
@json_option
def status(root: Path | None, *, as_json: bool) -> None:
    """Show the state of the index and what is off, without bringing it up to date."""
    with session(root, needs=None, obey=False) as context:
        found = command.COMMAND.answer(context, {})
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Mapping[str, Any]) -> None:
    folder = found["folders"][0]
    health = styled(found["health"], fg=COLOURS[found["health"]])
    click.echo(f"{folder['root']}: {found['state']}, health {health}")
    click.echo(
        f"{found['files']:,} files, {found['symbols']:,} symbols, "
        f"{found['pending']:,} pending; generation {found['generation']}"
    )
    model = found["model"]
    click.echo(f"model {model['name']}, {model['dimension']} numbers a vector, {model['device']}")
    click.echo(f"{found['store']['path']}: {found['store']['bytes'] / 1e6:,.1f} MB")
    click.echo(f"{found['cache']['hitRate']:.0%} of the texts had their vectors already")
    for method, taken in found["latency"].items():
        click.echo(
            f"{method}: {taken['count']:,} answers, half of them within {taken['p50Ms']:g} ms, "
            f"95 % within {taken['p95Ms']:g} ms"
        )
    for reason, count in folder["skipped"].items():
        click.echo(f"{count:,} files left out: {reason}")
    for problem in found["problems"]:
        click.echo(f"{styled('!', fg='yellow')} {problem['message']} {problem['mend']}".rstrip())


CLI = status
