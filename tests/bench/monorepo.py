"""A monorepo: real files again and again, each time under other names, a million lines in all."""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from typing import TYPE_CHECKING, NamedTuple

from inputs import library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES, FILES = 1_000_000, 20_000
_LONGEST = 120  # lines of a file: with longer ones a million lines make too few files
_FEWEST = 5
_NAME = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]{3,}\b")
_KEPT = frozenset([*keyword.kwlist, *dir(builtins), "self", "__init__", "__name__", "__main__"])
_WORDS = (
    "amber", "basalt", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty",
    "karst", "ledge", "moor", "nadir", "oasis", "plain", "quarry", "ridge", "shoal", "tarn",
    "upland", "vale", "weir", "xeric", "yard", "zenith", "arbor", "brook", "copse", "dune",
)  # fmt: skip


class Made(NamedTuple):
    """What was written, and how large it is."""

    root: Path
    files: int
    lines: int


def monorepo(root: Path, lines: int = LINES, files: int = FILES) -> Made:
    """Write copies of files of Python's own library until there are so many lines and files.

    In each copy every name but those of the language has one more word, the same everywhere in
    that copy: so its files still import and call each other, and no text is there twice.
    """
    sources = list(_sources())
    written = counted = copy = 0
    while counted < lines or written < files:
        for path, text in sources:
            target = root / f"team{copy // 10:02}" / f"service{copy:03}" / _renamed(path, copy)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_renamed(text, copy))
            written += 1
            counted += text.count("\n")
            if counted >= lines and written >= files:
                break
        copy += 1
    return Made(root, written, counted)


def _sources() -> Iterator[tuple[str, str]]:
    """Yield the library's files of middling length, with their paths."""
    top = library()
    for file in sorted(top.rglob("*.py")):
        if {"site-packages", "__pycache__"} & set(file.parts):
            continue
        text = file.read_text("utf-8", "replace")
        if _FEWEST <= text.count("\n") <= _LONGEST:
            yield file.relative_to(top).as_posix(), text


def _renamed(text: str, copy: int) -> str:
    def other(found: re.Match[str]) -> str:
        name = found[0]
        if name in _KEPT or name.startswith("__"):
            return name
        word = _WORDS[_chance(f"{name} {copy}") % len(_WORDS)]
        return f"{name}{word.title()}" if name[0].isupper() else f"{name}_{word}"

    return _NAME.sub(other, text)


def _chance(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())
