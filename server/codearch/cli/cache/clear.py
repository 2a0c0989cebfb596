"""`codearch cache clear`: remove the index of a root, or of many."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli._progress import counted
from codearch.cli.cache._forms import ClearForm, index_form, plain, size
from codearch.errors import UsageError
from codearch.indexer.kept import contents, user_of
from codearch.indexer.upkeep import delete, set_aside_when_idle, sweep
from codearch.settings import cache_home, find_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.cli._progress import Told
    from codearch.indexer.kept import Contents, Kept

DAY_SECONDS = 86_400
KEPT = 3  # the exit code where an index that was named stays
STOP = "Close the editors and commands that work on it, and ask again."


@dataclass(frozen=True)
class Asked:
    """Which indexes to remove: all of these roots, or all that the conditions fit."""

    roots: tuple[Path, ...]
    gone: bool
    older_than_days: float | None

    def fits(self, kept: Kept) -> bool:
        """Say whether an index is to be removed."""
        if self.roots and not any(_same(kept.root, root) for root in self.roots):
            return False
        if self.gone and kept.root_exists:
            return False
        if self.older_than_days is None:
            return True
        return time.time() - kept.last_used > self.older_than_days * DAY_SECONDS


@click.command(
    "clear",
    epilog=examples(
        "codearch cache clear               # the index of this folder's root",
        "codearch cache clear ~/project ~/other",
        "codearch cache clear --gone        # those whose folders are no longer there",
        "codearch cache clear --older-than 30",
        "codearch cache clear --all",
    ),
)
@click.argument("roots", nargs=-1, type=click.Path(path_type=Path), metavar="[ROOT ...]")
@root_option
@click.option("--gone", is_flag=True, help="Remove those whose folders are no longer there.")
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Remove those unused for so many days.",
)
@click.option("--all", "everything", is_flag=True, help="Remove the indexes of all roots.")
@json_option
@click.pass_context
def clear(  # noqa: PLR0913 - one a choice
    context: click.Context,
    roots: tuple[Path, ...],
    root: Path | None,
    *,
    gone: bool,
    days: float | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Remove the index of each ROOT, of this folder's root without any, or those that fit.

    An index in use stays and is said to; where it was named, the command ends with 3. An indexer
    that only waits for its next client leaves first. Nothing is asked back: an index is made again
    when it is next needed.
    """
    named = (*roots, *([root] if root is not None else []))
    if everything and (named or gone or days is not None):
        message = "Give --all alone, or say which."
        raise UsageError(message, field="all")
    if not (named or gone or everything or days is not None):
        named = (find_root(Path.cwd()),)
    found = contents(cache_home())
    _refuse_unknown(roots, found)
    wanted = [one for one in found.indexes if Asked(named, gone, days).fits(one)]
    removed, stay = _removed(wanted, found.home)
    if as_json:
        form = ClearForm(
            removed=[index_form(one) for one in removed], in_use=[index_form(one) for one in stay]
        )
        print_json(plain(form))
    else:
        _print(removed, stay)
    if stay and named:
        context.exit(KEPT)


def _refuse_unknown(roots: Iterable[Path], found: Contents) -> None:
    """Raise UsageError for a root that was named and has no index."""
    for root in roots:
        if not any(_same(one.root, root) for one in found.indexes):
            message = f"There is no index of {root}."
            mend = "`codearch cache list` shows the roots that have one."
            raise UsageError(message, field="root", mend=mend)


def _same(noted: str, root: Path) -> bool:
    """Say whether a path that somebody wrote is a root as its index notes it; it may be gone."""
    return os.path.normcase(root.expanduser().resolve()) == os.path.normcase(noted)


def _removed(wanted: Sequence[Kept], home: Path) -> tuple[list[Kept], list[Kept]]:
    """Remove indexes; return those that were, and those that stay, being in use."""
    asides: list[Path] = []
    removed: list[Kept] = []
    stay: list[Kept] = []
    try:
        for one in wanted:
            try:
                aside = set_aside_when_idle(one)
            except FileNotFoundError:
                continue  # somebody was quicker
            if aside is None:
                stay.append(one)
                _say_in_use(one)
            else:
                asides.append(aside)
                removed.append(one)
    finally:
        with counted() as told:
            count = _counter(told, sum(one.files for one in removed))
            for aside in asides:
                if not delete(aside, count):
                    click.echo(f"codearch: parts of {aside} cannot be deleted.", err=True)
            sweep(home)
    return removed, stay


def _counter(told: Told, total: int) -> Callable[[], None]:
    done = 0

    def gone() -> None:
        nonlocal done
        done += 1
        told("deleting files:", done, total)

    return gone


def _say_in_use(kept: Kept) -> None:
    user = user_of(kept.folder)
    whose = f" by process {user.pid}" if user is not None else ""
    click.echo(
        f"codearch: the index of {kept.root} is in use{whose}, so it stays. {STOP}", err=True
    )


def _print(removed: Iterable[Kept], stay: Iterable[Kept]) -> None:
    for one in removed:
        click.echo(f"removed {size(one.bytes)} of {one.root}")
    if not [*removed, *stay]:
        click.echo("Nothing to remove.")


CLI = clear
