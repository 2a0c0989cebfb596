"""`codearch trends`: how debt went, revision by revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import local, print_json, styled
from codearch.cli._session import session
from codearch.cli._where import path_below
from codearch.commands import debt_trends as command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_BARS = "▁▂▃▄▅▆▇█"
_RULES = 6  # with a row of their own


@click.command(
    "trends",
    epilog=examples(
        "codearch trends",
        "codearch trends src --since 2026-01-01",
        "codearch trends --rule high-complexity --since v1.0 --until v2.0",
        "codearch trends --symbol Parser.parse",
        "codearch trends --json | jq '.points[] | [.date, .open]'",
    ),
)
@click.argument("path", required=False)
@root_option
@click.option("--since", metavar="REV", help="The oldest revision, or its date (YYYY-MM-DD).")
@click.option("--until", metavar="REV", help="The newest revision, or its date; HEAD if unset.")
@click.option("--rule", metavar="ID", help="Findings of this rule alone.")
@click.option("--symbol", metavar="NAME", help="How this function went, through renames and moves.")
@click.option(
    "--points",
    type=click.IntRange(2, 500),
    default=command.POINTS,
    show_default=True,
    help="How many revisions at most.",
)
@json_option
def trends(
    path: str | None, root: Path | None, *, as_json: bool, **options: str | int | None
) -> None:
    """Show how debt went: what there was, what came and what went, and which functions grew.

    Old revisions are read from git's objects and judged by the rules of today. Whatever has been
    read once is known the next time.
    """
    with session(root) as context:
        home = context.workspaces[0].root
        below = None if path is None else path_below(path, home)
        asked = {key: value for key, value in options.items() if value is not None}
        found = local(command.COMMAND.answer(context, {"path": below, **asked}), home)
    if as_json:
        print_json(found)
        return
    if options["symbol"] is not None:
        _print_symbol(found["symbols"][0])
    else:
        _print_points(found["points"])
        _print_rules(found["points"])
        _print_grown(found["symbols"])
    for note in found["notes"]:
        click.echo(styled(note, dim=True), err=True)


def _print_points(points: Sequence[Mapping[str, Any]]) -> None:
    if not points:
        return
    bars = _bars([each["open"] for each in points])
    click.echo(styled("date        commit       open  added  resolved  hours", bold=True))
    for point, bar in zip(points, bars, strict=True):
        click.echo(
            f"{point['date']}  {point['commit'][:10]} {point['open']:>6,} {point['added']:>6,}"
            f" {point['resolved']:>9,} {point['effortHours']:>6,.0f}  {bar}"
        )


def _print_rules(points: Sequence[Mapping[str, Any]]) -> None:
    """Print how the rules went that changed most."""
    rules = {rule for point in points for rule in point["byRule"]}
    rows = {rule: [_count(point, rule) for point in points] for rule in rules}
    moved = {rule: max(row) - min(row) for rule, row in rows.items()}
    chosen = sorted((r for r in rows if moved[r]), key=lambda r: (-moved[r], r))[:_RULES]
    if not chosen:
        return
    width = max(map(len, chosen))
    click.echo()
    for rule in chosen:
        row = rows[rule]
        click.echo(f"{rule:<{width}}  {''.join(_bars(row))}  {row[0]:,} to {row[-1]:,}")


def _count(point: Mapping[str, Any], rule: str) -> int:
    return int(point["byRule"].get(rule, {"open": 0})["open"])


def _print_grown(symbols: Sequence[Mapping[str, Any]]) -> None:
    if not symbols:
        return
    click.echo(styled("\nGrew most complex", bold=True))
    width = max(len(each["values"]) for each in symbols)
    for each in symbols:
        values = [value["cognitive"] for value in each["values"]]
        click.echo(
            f"{''.join(_bars(values)):>{width}}  {values[0]:>3} to {values[-1]:<3}"
            f"  {each['symbol']}  {each['path']}"
        )


def _print_symbol(symbol: Mapping[str, Any]) -> None:
    values = symbol["values"]
    bars = _bars([each["cognitive"] for each in values])
    click.echo(styled("date        commit      lines  cognitive  cyclomatic", bold=True))
    known = ""
    for value, bar in zip(values, bars, strict=True):
        name = f"{value['name']}  {value['path']}"
        click.echo(
            f"{value['date']}  {value['commit'][:10]} {value['codeLines']:>6}"
            f" {value['cognitive']:>10} {value['cyclomatic']:>11}  {bar}"
            + (f"  {name}" if name != known else "")
        )
        known = name


def _bars(values: Sequence[float]) -> list[str]:
    """Return a bar for each value, from none to the largest."""
    most = max(values, default=0)
    return [_BARS[round((len(_BARS) - 1) * each / most) if most else 0] for each in values]


CLI = trends
