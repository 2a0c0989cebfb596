"""`codearch doctor`: the installation's health, each problem with its mend."""

from __future__ import annotations

import platform
from pathlib import Path

import click
import msgspec

from codearch import __version__
from codearch.cli._checks import Check, checks, leaving
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.settings import find_root

ESSENTIAL_LACKS = 3
MARKS = {"ok": ("ok", "green"), "note": ("note", "cyan"), "problem": ("!", "yellow")}
MISSING = ("missing", "red")


@click.command("doctor", epilog=examples("codearch doctor", "codearch doctor --json | jq .checks"))
@root_option
@json_option
@click.pass_context
def doctor(context: click.Context, root: Path | None, *, as_json: bool) -> None:
    """Look at everything that the program needs, and say what mends what is off.

    It ends with 3 where something is missing without which nothing works.
    """
    home = find_root(Path.cwd(), root)
    found: list[Check] = []
    for check in checks(home):
        found.append(check)
        if not as_json:
            _print(check)
    if as_json:
        print_json(
            {
                "version": __version__,
                "python": platform.python_version(),
                "platform": platform.platform(),
                "root": str(home),
                "healthy": all(check.state in ("ok", "note") for check in found),
                "checks": msgspec.to_builtins(found),
                "leavesTheMachine": leaving(home),
            }
        )
    if any(check.state == "missing" for check in found):
        context.exit(ESSENTIAL_LACKS)


def _print(check: Check) -> None:
    mark, colour = MARKS.get(check.state, MISSING)
    click.echo(f"{styled(f'{mark:>7}', fg=colour)}  {check.name}: {check.found}")
    if check.mend:
        click.echo(f"         {check.mend}")


CLI = doctor
