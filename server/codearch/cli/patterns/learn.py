"""`codearch patterns learn`: patterns that the repository's own fixes teach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codearch.cli._options import examples, root_option
from codearch.cli._session import session
from codearch.mining import LEARNED, MOST_FIXES, as_toml, lessons_of, proposals, write_learned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.snapshot import Snapshot

SAID_EVERY = 50  # fixes


@click.command(
    "learn",
    epilog=examples(
        "codearch patterns learn > proposals.toml",
        "codearch patterns learn --write",
        "codearch patterns learn --commit 1a2b3c4 --write",
    ),
)
@root_option
@click.option("--commit", metavar="REV", help="Learn from this one fix, whatever was said of it.")
@click.option(
    "--fixes",
    type=click.IntRange(min=1),
    default=MOST_FIXES,
    show_default=True,
    help="Read the last so many fixes.",
)
@click.option("--write", is_flag=True, help=f"Add what is new to {LEARNED.as_posix()}.")
def learn(root: Path | None, commit: str | None, fixes: int, *, write: bool) -> None:
    """Print, as TOML, the patterns that fixes in git's history teach.

    A pattern is proposed where at least three fixes in two files made the same change, and fewer
    places than these still look as they did before. Nothing is looked for until somebody has
    read it and set `accepted = true`.
    """
    with session(root) as context:
        workspace = context.workspaces[0]
        if commit is not None:
            found = lessons_of(workspace.root, commit)
        else:
            with workspace.read() as snapshot:
                found = proposals(workspace.root, _sources(snapshot), "HEAD", fixes, _said)
        if not write:
            click.echo(as_toml(found), nl=False)
            click.echo(f"{len(found)} proposed", err=True)
            return
        new = write_learned(workspace.root, found)
        click.echo(f"{len(found)} proposed, {new} new in {LEARNED.as_posix()}", err=True)


def _said(done: int, of: int) -> None:
    if done % SAID_EVERY == 0:
        click.echo(f"{done} of {of} fixes read", err=True)


def _sources(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    for file in snapshot.files():
        if not file.generated and not file.test:
            yield file.path, snapshot.source(file.path)


CLI = learn
