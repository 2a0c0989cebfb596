"""What a `path` or `scope` means: a file, a folder with all below it, or a glob."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from codearch.commands._places import path_of_uri

if TYPE_CHECKING:
    from pathlib import Path


def in_scope(path: str, scope: str | None, root: Path) -> bool:
    """Say whether a path below the root is the scope, lies below it, or matches its glob."""
    below = relative_scope(scope, root)
    if below is None:
        return False
    return (
        not below
        or path == below
        or path.startswith(f"{below}/")
        or _glob(below).match(path) is not None
    )


def relative_scope(scope: str | None, root: Path) -> str | None:
    """Return a scope below the root with "/": "" for everything, None for what lies elsewhere.

    A file URI is taken as well.
    """
    if scope and scope.startswith("file:"):
        path = path_of_uri(scope, field="scope")
        if not path.is_relative_to(root):
            return None
        scope = path.relative_to(root).as_posix()
    plain = (scope or "").replace("\\", "/").removeprefix("./").strip("/")
    return "" if plain == "." else plain


@lru_cache(maxsize=32)
def _glob(pattern: str) -> re.Pattern[str]:
    """Return a glob as an expression: `*` within a name, `**` across folders."""
    text = ""
    for part in re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", pattern):
        match part:
            case "**/":
                text += "(?:.*/)?"
            case "/**":
                text += "(?:/.*)?"
            case "**":
                text += ".*"
            case "*":
                text += "[^/]*"
            case "?":
                text += "[^/]"
            case _:
                text += re.escape(part)
    return re.compile(f"{text}\\Z")
