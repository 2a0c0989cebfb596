"""What is indexed: Python's own library, and files made by rule, the same on every run."""

from __future__ import annotations

import random
import shutil
import sysconfig
from pathlib import Path

FUNCTIONS = 5
LINES = 40
SYMBOLS = FUNCTIONS + 1  # a file's own among them

_VERBS = (
    "read",
    "write",
    "parse",
    "merge",
    "split",
    "check",
    "build",
    "send",
    "fetch",
    "store",
    "count",
    "close",
    "open",
    "draw",
)
_NOUNS = (
    "invoice",
    "order",
    "price",
    "token",
    "header",
    "packet",
    "column",
    "record",
    "branch",
    "commit",
    "socket",
    "buffer",
    "widget",
    "schema",
    "ledger",
    "window",
    "cursor",
    "region",
    "sample",
    "filter",
    "journal",
    "ticket",
    "payload",
    "session",
)
_QUALITIES = (
    "first",
    "last",
    "empty",
    "nested",
    "signed",
    "cached",
    "remote",
    "partial",
    "sorted",
    "stale",
    "broken",
    "whole",
)


def library() -> Path:
    """Return the folder of the running Python's library."""
    return Path(sysconfig.get_path("stdlib"))


def copy_of(folder: Path, target: Path, most: int | None = None) -> Path:
    """Copy a folder without installed packages and compiled files; the first `most` files alone."""

    def left_out(_: str, names: list[str]) -> set[str]:
        return {each for each in names if each in {"site-packages", "__pycache__", ".git"}}

    shutil.copytree(folder, target, symlinks=True, ignore=left_out)
    if most is not None:
        for extra in sorted(each for each in target.rglob("*") if each.is_file())[most:]:
            extra.unlink()
    return target


def generated(target: Path, count: int) -> Path:
    """Write Python files of 40 lines and five functions each, a hundred a folder."""
    for number in range(count):
        file = target / f"part{number // 100:03}" / f"module{number:05}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(module(number))
    return target


def module(number: int) -> str:
    """Return the source of one generated file; it imports from the one before it."""
    chance = random.Random(number)
    before = max(0, number - 1)
    package = f"part{before // 100:03}.module{before:05}"
    lines = [
        f'"""{_sentence(chance).capitalize()}, part {number}."""',
        "",
        f"from {package} import {_name(before, 0)}",
        "",
        "",
    ]
    for index in range(FUNCTIONS):
        lines += _function(number, index, _name(before, 0), chance)
    return "\n".join(lines[:LINES]) + "\n"


def _function(number: int, index: int, imported: str, chance: random.Random) -> list[str]:
    """Return the seven lines of a function that calls another one of its file, or of the next."""
    first, second = chance.sample(_NOUNS, 2)
    called = imported if index == 0 else _name(number, index - 1)
    return [
        f"def {_name(number, index)}({first}, {second}={chance.randrange(1000)}):",
        f'    """{_sentence(chance).capitalize()} of the {first}."""',
        f"    if {first} is None or {second} > {chance.randrange(100_000)}:",
        f"        return {called}({second}, {chance.randrange(1000)})",
        f"    return [{first} * each + {number} for each in range({second})]",
        "",
        "",
    ]


def _name(number: int, index: int) -> str:
    chance = random.Random(number * FUNCTIONS + index)
    return f"{chance.choice(_VERBS)}_{chance.choice(_QUALITIES)}_{chance.choice(_NOUNS)}_{index}"


def _sentence(chance: random.Random) -> str:
    verb, quality, noun = (chance.choice(each) for each in (_VERBS, _QUALITIES, _NOUNS))
    return f"{verb} the {quality} {noun} before the {chance.choice(_NOUNS)}"
