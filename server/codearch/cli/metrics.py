"""`codearch metrics`: the complexity of every function, one line a function and metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codearch.cli._options import examples, root_option
from codearch.cli._output import print_json
from codearch.cli._paths import Scope, paths_below, say_what_is_not_indexed
from codearch.cli._session import session
from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.facts import Symbol


@click.command(
    "metrics",
    epilog=examples(
        "codearch metrics --format jsonl > metrics.jsonl",
        "codearch metrics src | jq -r 'select(.value > 20) | [.value, .path, .line] | @tsv'",
    ),
)
@click.argument("paths", nargs=-1)
@root_option
@click.option(
    "--format",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    expose_value=False,
    help="One JSON object a line.",
)
def metrics(paths: tuple[str, ...], root: Path | None) -> None:
    """Print cyclomatic and cognitive complexity of every function with a body.

    Cyclomatic complexity counts as lizard does, cognitive complexity as SonarSource defines it.
    """
    with session(root) as context:
        workspace = context.workspaces[0]
        scope = Scope(paths_below(workspace.root, paths))
        with workspace.read() as snapshot:
            say_what_is_not_indexed(snapshot, scope)
            for symbol in snapshot.all_symbols():
                if symbol.kind in CALLABLE_KINDS and scope.holds(symbol.path):
                    _print(symbol)


def _print(symbol: Symbol) -> None:
    if symbol.metrics is None:
        return
    place = {
        "path": symbol.path,
        "line": symbol.span.line + 1,
        "endLine": symbol.span.end_line + 1,
        "symbol": symbol.qualified_name,
    }
    print_json({**place, "rule": "metric:cyclomatic", "value": symbol.metrics.cyclomatic})
    print_json({**place, "rule": "metric:cognitive", "value": symbol.metrics.cognitive})


CLI = metrics
