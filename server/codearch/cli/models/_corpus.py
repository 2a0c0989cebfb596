"""The options that say from which code functions are taken, and how many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from codearch.settings import find_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def corpus_option(text: str, *, repeatable: bool = True) -> Decorator:
    """Return `--corpus FOLDER`: `folders` where it is repeatable, else `corpus`."""
    return click.option(
        "--corpus",
        "folders" if repeatable else "corpus",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=repeatable,
        help=f"{text}; repeatable; the root unless told." if repeatable else text,
    )


def functions_option(text: str, *, least: int, default: int) -> Decorator:
    """Return `--functions N`, as `most`."""
    return click.option(
        "--functions",
        "most",
        type=click.IntRange(min=least),
        default=default,
        show_default=True,
        help=text,
    )


def corpus_folders(folders: Sequence[Path], root: Path | None) -> Sequence[Path]:
    """Return the folders that were named, else the root."""
    return folders or (find_root(Path.cwd(), root),)
