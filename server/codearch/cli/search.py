"""`codearch search`: search by meaning."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, get_args

import click

from codearch.checked import checked
from codearch.cli._input import lines
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import local, place, print_json, styled
from codearch.cli._session import flush, session
from codearch.commands import search as command
from codearch.commands._indexer import VECTORS, WORDS
from codearch.errors import IndexerError, UsageError
from codearch.facts import SymbolKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from codearch.commands._command import Context

SNIPPET_LINES = 6
_EXCLUSION = re.compile(r"-[a-z]+:")


class QueryCommand(click.Command):
    """A command whose argument may begin with an exclusion, such as `-path:tests/**`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; a blank before an exclusion tells click that it is no option."""
        return super().parse_args(
            ctx, [f" {one}" if _EXCLUSION.match(one) else one for one in args]
        )


@click.command(
    "search",
    cls=QueryCommand,
    epilog=examples(
        'codearch search "where is the password checked"',
        "codearch search 'retry with backoff lang:go -path:**/test/**' --limit 5",
        "codearch search HttpClient --kind class --json | jq -r '.results[].path'",
        "printf 'parse the header\\nopen a socket\\n' | codearch search --stdin --json",
    ),
)
@click.argument("query", required=False)
@root_option
@click.option("--limit", type=click.IntRange(1, 100), help="How many results at most; 10 if unset.")
@click.option("--language", help="Results in this language alone.")
@click.option("--kind", type=click.Choice(get_args(SymbolKind)), help="Symbols of this kind alone.")
@click.option("--path", help="Files below a folder, or of a glob such as src/**, alone.")
@click.option(
    "--mode",
    type=click.Choice(get_args(command.Mode)),
    default="hybrid",
    show_default=True,
    help="lexical ranks without vectors, semantic by vectors alone.",
)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read one query a line.")
@json_option
def search(
    query: str | None, root: Path | None, *, from_stdin: bool, as_json: bool, **options: Any
) -> None:
    """Find code by what it does, or by its name.

    QUERY is words; "..." inside it asks for an exact phrase, and `lang:go kind:class path:src/**
    -path:**/test/**` mean the same as the options.
    """
    if from_stdin == (query is not None):
        message = "Give a QUERY, or --stdin and one query a line."
        raise click.UsageError(message)
    if query is not None:
        checked({"query": query, **options}, command.SearchQuery)  # before the index is looked at
    with session(root, needs=_needs(options)) as context:
        if query is not None:
            _print(_answer(context, query, options), as_json=as_json)
            return
        for line in lines():
            _print(_answer_line(context, line, options), as_json=as_json)


def _needs(options: Mapping[str, Any]) -> Collection[str]:
    return VECTORS if options["mode"] == "semantic" else WORDS


def _answer(context: Context, query: str, options: Mapping[str, Any]) -> dict[str, Any]:
    found = command.COMMAND.answer(context, {"query": query, **options})
    return {"query": query, **local(found, context.workspaces[0].root)}


def _answer_line(context: Context, query: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one of many queries; one that cannot be asked gets no results and a reason."""
    try:
        try:
            answer = _answer(context, query, options)
        except IndexerError:  # lost between two queries
            answer = None
        if answer is None or not answer["complete"]:  # a new indexer first looks at the disk
            flush(context.workspaces[0].indexer, _needs(options))
            answer = _answer(context, query, options)
        return answer
    except UsageError as error:
        nothing = {"results": [], "tookMs": 0, "complete": True, "generation": 0}
        return {"query": query, **nothing, "error": str(error)}


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        sys.stdout.flush()
        return
    if "error" in answer:
        click.echo(f"codearch: {answer['error']}", err=True)
    elif not answer["results"]:
        click.echo("Nothing was found.")
    for hit in answer["results"]:
        _print_hit(hit)


def _print_hit(hit: Mapping[str, Any]) -> None:
    name = f"{hit['container']}.{hit['symbol']}" if hit["container"] else hit["symbol"]
    title = "" if hit["kind"] == "module" else f"  {styled(name, bold=True)} ({hit['kind']})"
    click.echo(f"{styled(place(hit), fg='cyan')}{title}")
    lines = hit["snippet"].splitlines()
    for number, line in enumerate(lines[:SNIPPET_LINES], hit["snippetLine"]):
        click.echo(f"{styled(f'{number:>6}', dim=True)}  {line}".rstrip())
    reasons = ", ".join(f"{one['signal']}: {one['detail']}" for one in hit["why"][:3])
    if reasons:
        click.echo(styled(f"        {reasons}", dim=True))
    click.echo()


CLI = search
