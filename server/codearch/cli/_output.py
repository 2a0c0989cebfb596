"""Results as the command line gives them: paths below the root, and lines counted from 1."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from codearch.commands._places import path_of_uri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def print_json(value: object) -> None:
    """Print one JSON object on one line, at once."""
    click.echo(json.dumps(value, ensure_ascii=False))


def local(value: Any, root: Path) -> Any:
    """Return a command's answer in the command line's form.

    `uri` becomes `path`, a `range` becomes `line` and `endLine` from 1, `highlights` become lines
    with UTF-16 columns from 0; all else stays.
    """
    if isinstance(value, list):
        return [local(one, root) for one in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if key == "uri":
            found["path"] = relative(inner, root)
        elif key in ("range", "at"):
            found |= lines(inner)
        elif key == "selectionRange":
            continue
        elif key == "snippetLine":
            found[key] = inner + 1
        elif key == "highlights":
            found[key] = [_highlight(one) for one in inner]
        else:
            found[key] = local(inner, root)
    return found


def relative(uri: str, root: Path) -> str:
    """Return the path of a URI below the root, "." for the root itself."""
    path = path_of_uri(uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def lines(place: Mapping[str, Any]) -> dict[str, int]:
    """Return the first and the last line of a range, from 1; its end is exclusive."""
    first, end = place["start"]["line"], place["end"]
    last = end["line"] - 1 if end["character"] == 0 and end["line"] > first else end["line"]
    return {"line": first + 1, "endLine": last + 1}


def styled(text: str, **style: Any) -> str:
    """Return coloured text, plain where NO_COLOR is set; click drops colours outside a terminal."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)


def place(item: Mapping[str, Any]) -> str:
    """Return `path:line`, which terminals open on a click."""
    return f"{item['path']}:{item['line']}"


def _highlight(place: Mapping[str, Any]) -> dict[str, int]:
    start, end = place["start"], place["end"]
    return {
        "line": start["line"] + 1,
        "column": start["character"],
        "endColumn": end["character"],
    }
