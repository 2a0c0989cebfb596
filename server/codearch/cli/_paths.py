"""PATH arguments: which files of the workspace a command is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.snapshot import Snapshot


@dataclass(frozen=True)
class Scope:
    """All files, or those at or below some paths; and of these, only `changed` ones if given."""

    paths: tuple[str, ...]
    changed: frozenset[str] | None = None

    def holds(self, path: str) -> bool:
        """Say whether a file is asked about."""
        if self.changed is not None and path not in self.changed:
            return False
        return not self.paths or any(
            each in {"", path} or path.startswith(f"{each}/") for each in self.paths
        )


def paths_below(root: Path, written: Iterable[str]) -> tuple[str, ...]:
    """Return paths as the index has them, "" for the root; they count from the current folder."""
    return tuple(_below(root, each) for each in written)


def _below(root: Path, written: str) -> str:
    path = Path(written).absolute()
    if not path.exists():
        message = f"There is no file or folder {written}."
        raise UsageError(message, field="path")
    resolved = path.resolve()
    if not resolved.is_relative_to(root):
        message = f"{written} lies outside {root}."
        raise UsageError(message, field="path", mend="Name its folder with --root.")
    below = resolved.relative_to(root).as_posix()
    return "" if below == "." else below


def say_what_is_not_indexed(snapshot: Snapshot, scope: Scope) -> None:
    """Tell of paths that exist and that the index leaves out."""
    for path in scope.paths:
        if path and snapshot.file(path) is None and not snapshot.files(under=path):
            message = f"codearch: {path} is not indexed; `codearch status` says what is left out."
            click.echo(message, err=True)
