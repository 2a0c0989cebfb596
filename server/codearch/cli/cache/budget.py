"""`codearch cache budget`: show or set what all indexes may take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.cli._budget import budget_of
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli.cache._forms import GB, KB, MB, BudgetForm, index_form, plain, size
from codearch.errors import StoreError
from codearch.indexer.kept import contents
from codearch.indexer.upkeep import Trimmed, keep_within, set_aside_when_idle, sweep
from codearch.settings import cache_home, find_root, root_cache, user_settings_file
from codearch.settings.writing import write_user_setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.indexer.kept import Kept

NONE = "none"
KEY = "cache.budgetMb"
WAIT_SECONDS = 10.0  # for another process that removes indexes
UNITS = {"": MB, "KB": KB, "MB": MB, "GB": GB, "TB": 1000 * GB, "MIB": 1 << 20, "GIB": 1 << 30}
_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)\Z")


def _megabytes(
    _context: click.Context, _parameter: click.Parameter, written: str | None
) -> int | str | None:
    """Return a size that somebody wrote in whole megabytes; "none" for no budget."""
    if written is None or written == NONE:
        return written
    match = _SIZE.match(written.strip())
    unit = UNITS.get(match["unit"].upper()) if match else None
    if match is None or unit is None:
        message = f"{written!r} is no size such as 2000 (megabytes), 5GB or none."
        raise click.BadParameter(message)
    count = float(match["number"]) * unit
    if 0 < count < MB:
        message = "a budget is at least 1 MB, or 0 to keep nothing unused."
        raise click.BadParameter(message)
    return int(count // MB)


@click.command(
    "budget",
    epilog=examples(
        "codearch cache budget              # what it is",
        "codearch cache budget 5GB          # set it, and keep to it from now on",
        "codearch cache budget 500 --root . # this root's index stays, whatever it takes",
        "codearch cache budget none",
    ),
)
@click.argument("megabytes", callback=_megabytes, required=False, metavar="[SIZE|none]")
@root_option
@json_option
def budget(megabytes: int | str | None, root: Path | None, *, as_json: bool) -> None:
    """Show what all indexes may take, or set it: SIZE in megabytes, or such as 5GB.

    It is kept in your own settings. Beyond it indexes are removed, now and whenever an indexer
    starts or ends: first those whose roots are gone, then those unused for longest, and never one
    in use; with --root that root's index stays too.
    """
    home = cache_home()
    removed: Iterable[Kept] = ()
    if megabytes is not None:
        file = write_user_setting(KEY, megabytes)
        holds = budget_of(root)
        if holds != (None if megabytes == NONE else int(megabytes) * MB):
            said = f"codearch: {file} has the new budget, but the environment names another."
            click.echo(said, err=True)
        removed = _trimmed(home, holds, root).removed
    form = BudgetForm(
        budget=budget_of(root),
        bytes=contents(home).bytes,
        removed=[index_form(one) for one in removed],
        settings=str(user_settings_file()),
    )
    if as_json:
        print_json(plain(form))
    else:
        _print(form)


def _trimmed(home: Path, budget: int | None, root: Path | None) -> Trimmed:
    """Remove what is too much now; raises StoreError where another process does and does."""
    if budget is None:
        return Trimmed((), 0)
    sweep(home)
    spared = [] if root is None else [root_cache(find_root(root, root))]
    trimmed = keep_within(home, budget, spared, set_aside_when_idle, WAIT_SECONDS)
    if trimmed is None:
        message = f"Another process has been removing indexes from {home} for too long."
        raise StoreError(message, mend="The budget is set; ask again to have it kept to.")
    return trimmed


def _print(form: BudgetForm) -> None:
    for one in form.removed:
        click.echo(f"removed {size(one.bytes)} of {one.root}")
    if form.budget is None:
        click.echo(f"No budget; the indexes take {size(form.bytes)}.")
        return
    click.echo(f"The indexes take {size(form.bytes)} of {size(form.budget)}.")
    if form.bytes > form.budget:
        click.echo("What is too much is in use; it is looked at again when an indexer ends.")


CLI = budget
