"""`codearch explain`: all that is known of one function, class or file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import local, place, print_json, styled
from codearch.cli._session import session
from codearch.cli._where import file_symbol, parsed_place, symbol_at
from codearch.commands import explain as command
from codearch.commands._indexer import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LISTED = 8


@click.command(
    "explain",
    epilog=examples(
        "codearch explain src/server.py:120",
        "codearch explain HttpClient.send",
        "codearch explain src/server.py        # the file as a whole",
        "codearch explain parse_header --json | jq .callers",
    ),
)
@click.argument("what", metavar="FILE:LINE | SYMBOL")
@root_option
@json_option
def explain(what: str, root: Path | None, *, as_json: bool) -> None:
    """Explain a symbol: who calls it, what it calls, tests, authors, last change, findings."""
    with session(root, needs=FINDINGS, awaits=FINDINGS) as context:
        workspace = context.workspaces[0]
        written = parsed_place(what)
        symbol = symbol_at(workspace, *written) if written else file_symbol(workspace, what)
        answer = command.COMMAND.answer(context, {"symbol": symbol.id if symbol else what})
        found = local(answer, workspace.root)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Mapping[str, Any]) -> None:
    symbol = found["symbol"]
    click.echo(f"{styled(_name(symbol), bold=True)}  {symbol['kind']}, {place(symbol)}")
    if found["signature"]:
        click.echo(f"  {found['signature']}")
    click.echo(f"\n{found['summary']}\n")
    _list("Called by", [one["symbol"] for one in found["callers"]])
    _list("Calls", [one["symbol"] for one in found["callees"]])
    _list("Tested by", found["tests"])
    _history(found)
    size = found["complexity"]
    if size:
        click.echo(
            f"Complexity  cyclomatic {size['cyclomatic']}, cognitive {size['cognitive']}, "
            f"nesting {size['nesting']}, {size['codeLines']} lines of code"
        )
    for item in found["debt"][:LISTED]:
        click.echo(f"{styled(item['rule'], fg='yellow')}  {place(item)}  {item['message']}")
    _list("Also called so", found["others"])


def _list(title: str, symbols: Sequence[Mapping[str, Any]]) -> None:
    if not symbols:
        return
    click.echo(title)
    for symbol in symbols[:LISTED]:
        click.echo(f"  {styled(place(symbol), fg='cyan')}  {_name(symbol)}")
    if len(symbols) > LISTED:
        click.echo(f"  and {len(symbols) - LISTED} more")


def _history(found: Mapping[str, Any]) -> None:
    churn = found["churn"]
    if not churn:
        return
    owners = ", ".join(f"{one['name']} {one['share']:.0%}" for one in found["owners"][:3])
    click.echo(f"Written by  {owners}")
    click.echo(
        f"Last change {churn['lastCommit'][:8]} by {churn['lastAuthor']}: {churn['lastSubject']}"
    )
    if churn["uncommitted"]:
        click.echo(f"Uncommitted {churn['uncommitted']} of its lines")


def _name(symbol: Mapping[str, Any]) -> str:
    if symbol["kind"] == "module":
        return str(symbol["path"])
    return f"{symbol['container']}.{symbol['name']}" if symbol["container"] else symbol["name"]


CLI = explain
