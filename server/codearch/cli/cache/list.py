"""`codearch cache list`: the indexes: root, size, when last used."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.cli._budget import budget_of
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli.cache._forms import MB, list_form, plain, size
from codearch.indexer.kept import contents
from codearch.settings import cache_home, find_root, root_cache

if TYPE_CHECKING:
    from codearch.indexer.kept import Contents, Kept

REMARKS = {
    "older": "of an older version: made anew when next used",
    "newer": "of a newer version: made anew when next used",
    "foreign": "its database is none of ours: made anew when next used",
    "unreadable": "its database cannot be read",
}


@click.command(
    "list",
    epilog=examples(
        "codearch cache list",
        "codearch cache list --json | jq '.caches[] | select(.rootExists | not) | .root'",
    ),
)
@root_option
@json_option
def list_(root: Path | None, *, as_json: bool) -> None:
    """List the indexes, the last used first: root, size, when last used; with --root one of them.

    Below stand what all of them take, the budget, and what else lies in the cache folder.
    """
    found = contents(cache_home())
    if root is not None:
        only = root_cache(find_root(root, root))
        found = replace(found, indexes=tuple(one for one in found.indexes if one.folder == only))
    budget = budget_of(root)
    if as_json:
        print_json(plain(list_form(found, budget)))
    else:
        _print(found, budget)


def _print(found: Contents, budget: int | None) -> None:
    for one in found.indexes:
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.last_used))
        click.echo(f"{one.bytes / MB:10,.1f} MB  {day}  {one.root}{_remark(one)}")
    if not found.indexes:
        click.echo("There is no index yet.")
    limit = "no budget" if budget is None else f"of a budget of {size(budget)}"
    click.echo(f"{found.bytes / MB:10,.1f} MB  in {found.home}, {limit}")
    if found.leftovers:
        click.echo(f"{len(found.leftovers)} removed, and not yet deleted: the next indexer does it")
    if found.unknown:
        names = ", ".join(one.name for one in found.unknown)
        click.echo(f"left alone, since they are no indexes: {names}")


def _remark(one: Kept) -> str:
    said = ["in use"] if one.in_use else []
    if not one.root_exists:
        said.append("the root is gone")
    if one.store in REMARKS:
        said.append(REMARKS[one.store])
    return f"  ({'; '.join(said)})" if said else ""


CLI = list_
