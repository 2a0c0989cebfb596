"""`codearch patterns list`: the patterns, and which of them are looked for."""

from __future__ import annotations

from pathlib import Path

import click

from codearch.cli._options import examples, root_option
from codearch.mining import kept
from codearch.settings import find_root


@click.command("list", epilog=examples("codearch patterns list"))
@root_option
def list_(root: Path | None) -> None:
    """List the patterns, file by file: whether they are looked for, and what they say."""
    for path, patterns in kept(find_root(Path.cwd(), root)):
        for pattern in patterns:
            state = "on " if pattern.accepted else "off"
            said = pattern.message or " ".join(pattern.find.split())
            click.echo(f"{state} {pattern.id}  {', '.join(pattern.languages)}  {said}  ({path})")


CLI = list_
