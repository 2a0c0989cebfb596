"""Globs of paths: of a search, and of what settings say of folders."""

from __future__ import annotations

import functools
import re


@functools.lru_cache(256)
def path_glob(text: str) -> re.Pattern[str]:
    """Translate a folder, a file, or a glob with `**`, `*`, `?`, `[...]`, `{a,b}`.

    Without a slash it matches a file's or folder's name at any depth, else from the root; what
    matches a folder matches all below it. Raises ValueError with what is wrong.
    """
    anchored = text.strip().removeprefix("./").rstrip("/")
    bare = anchored.removeprefix("/")
    if not bare:
        message = f"a path filter needs a folder, a file or a glob, not {text!r}"
        raise ValueError(message)
    expression = _expression(bare)
    if expression is None:
        message = f"the glob {text!r} has a bracket that is not closed"
        raise ValueError(message)
    prefix = "" if "/" in anchored else "(?:.*/)?"
    try:
        return re.compile(f"{prefix}{expression}(?:/.*)?", re.DOTALL)
    except re.error as error:
        message = f"the glob {text!r} has brackets in which nothing fits"
        raise ValueError(message) from error


_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|\{[^{}]*\}|[\[{}]|[^*?\[{}]+")


def _expression(text: str) -> str | None:
    """Return a glob as a regular expression, None where a bracket stands alone."""
    made = []
    for piece in _PIECE.findall(text):
        if piece == "**/":
            made.append("(?:.*/)?")
        elif piece == "**":
            made.append(".*")
        elif piece == "*":
            made.append("[^/]*")
        elif piece == "?":
            made.append("[^/]")
        elif piece in ("[", "{", "}"):
            return None
        elif piece.startswith("["):
            inside = piece[1:-1].replace("\\", r"\\")
            made.append(f"[^{inside[1:]}/]" if inside[:1] in ("!", "^") else f"[{inside}]")
        elif piece.startswith("{"):
            choices = [_expression(choice) or "" for choice in piece[1:-1].split(",")]
            made.append(f"(?:{'|'.join(choices)})")
        else:
            made.append(re.escape(piece))
    return "".join(made)
