"""FILE:LINE, as a person writes it, found in the index."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from codearch.errors import UsageError

if TYPE_CHECKING:
    from codearch.commands._command import Workspace
    from codearch.facts import Symbol

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?\Z")


def parsed_place(text: str) -> tuple[str, int] | None:
    """Return path and 0-based line of `FILE:LINE`, None where the text is something else."""
    match = _PLACE.match(text)
    return (match["path"], int(match["line"]) - 1) if match else None


def path_below(written: str, root: Path) -> str:
    """Return a path as the index has it: below the current folder, else below the root."""
    for base in (Path.cwd(), root):
        path = Path(base, written)
        if path.exists() and path.resolve().is_relative_to(root):
            return path.resolve().relative_to(root).as_posix()
    message = f"There is no file {written} below {root}."
    raise UsageError(message, field="file")


def symbol_at(workspace: Workspace, written: str, line: int) -> Symbol:
    """Return the innermost symbol around a line; raise UsageError where there is none."""
    path = path_below(written, workspace.root)
    with workspace.read() as snapshot:
        file = snapshot.file(path)
        if file is None:
            message = f"{path} is not indexed."
            raise UsageError(message, field="file", mend="`codearch status` says what is left out.")
        if not 0 <= line < max(file.lines, 1):
            message = f"{path} has {file.lines} lines, so there is no line {line + 1}."
            raise UsageError(message, field="line")
        symbols = snapshot.symbols(path)
        found = snapshot.symbol_at(path, line) or next(iter(symbols), None)
    if found is None:
        message = f"There is no code in {path}."
        raise UsageError(message, field="line")
    return found


def file_symbol(workspace: Workspace, written: str) -> Symbol | None:
    """Return the symbol of a file as a whole, None where the text names no indexed file."""
    try:
        path = path_below(written, workspace.root)
    except UsageError:
        return None
    with workspace.read() as snapshot:
        return next(iter(snapshot.symbols(path)), None) if snapshot.file(path) else None
