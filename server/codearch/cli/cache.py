"""`codearch cache`: the indexes on this machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.cli._caches import Cache, caches, remove
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.settings import cache_home, find_root, root_cache

if TYPE_CHECKING:
    from collections.abc import Iterable

MB = 1_000_000


@click.group(
    "cache",
    epilog=examples(
        "codearch cache list",
        "codearch cache clear               # the index of this folder's root",
        "codearch cache clear --all",
        "codearch cache budget 2000         # keep at most 2,000 MB, the last used ones",
    ),
)
def cache() -> None:
    """Show and remove indexes. They are always safe to remove: they cost time and nothing else."""


@cache.command(
    "list",
    short_help="List the indexes: root, size, when last used.",
    epilog=examples("codearch cache list", "codearch cache list --json | jq '.caches[].root'"),
)
@root_option
@json_option
def list_(root: Path | None, *, as_json: bool) -> None:
    """List the indexes: root, size, when last used; with --root one of them."""
    found = caches(cache_home())
    if root is not None:
        only = root_cache(find_root(root, root))
        found = [one for one in found if one.folder == only]
    if as_json:
        print_json({"caches": [_form(one) for one in found]})
        return
    for one in found:
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.last_used))
        click.echo(f"{one.bytes / MB:10,.1f} MB  {day}  {one.root}{_remark(one)}")
    click.echo(f"{sum(one.bytes for one in found) / MB:10,.1f} MB  in {cache_home()}")


@cache.command(
    "clear",
    short_help="Remove the index of a root, or all.",
    epilog=examples("codearch cache clear --root ~/project", "codearch cache clear --all"),
)
@root_option
@click.option("--all", "everything", is_flag=True, help="Remove the indexes of all roots.")
@json_option
def clear(root: Path | None, *, everything: bool, as_json: bool) -> None:
    """Remove the index of a root; its indexer is asked to leave first."""
    if everything and root is not None:
        message = "Give either --all or --root."
        raise click.UsageError(message)
    found = caches(cache_home())
    if not everything:
        only = root_cache(find_root(Path.cwd(), root))
        found = [one for one in found if one.folder == only]
    _removed(found, as_json=as_json)


@cache.command(
    "budget",
    short_help="Keep the indexes below so many megabytes.",
    epilog=examples("codearch cache budget 2000", "codearch cache budget 0 --root ."),
)
@click.argument("megabytes", type=click.IntRange(min=0))
@root_option
@json_option
def budget(megabytes: int, root: Path | None, *, as_json: bool) -> None:
    """Remove the indexes unused for longest until all take at most so many MEGABYTES.

    With --root that root's index is kept whatever it takes.
    """
    kept = root_cache(find_root(root, root)) if root is not None else None
    total, surplus = 0, []
    for one in caches(cache_home()):
        total += one.bytes
        if total > megabytes * MB and one.folder != kept:
            surplus.append(one)
            total -= one.bytes
    _removed(surplus, as_json=as_json)


def _removed(found: Iterable[Cache], *, as_json: bool) -> None:
    removed = [one for one in found if remove(one)]
    if as_json:
        print_json({"removed": [_form(one) for one in removed]})
        return
    for one in removed:
        click.echo(f"removed {one.bytes / MB:,.1f} MB of {one.root}")
    if not removed:
        click.echo("Nothing to remove.")


def _form(one: Cache) -> dict[str, object]:
    return {
        "root": one.root,
        "path": str(one.folder),
        "bytes": one.bytes,
        "lastUsed": one.last_used,
        "rootExists": one.root_exists,
    }


def _remark(one: Cache) -> str:
    return "" if one.root_exists else "  (the root is gone)"


CLI = cache
