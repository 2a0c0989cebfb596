"""Short functions of `snippets/`, written as a person would, with names of the file they go into.

`snippets/security` and, still later, `snippets/security_later` hold further spellings, and values that
flow through a variable or a call.

A section begins with `=== RULE hit|alike VARIANT`. Lines that begin with `@import ` go behind the
file's imports. A line that ends in `<<<` is to be found. `§N`, `§C`, `§a` and `§b` stand for a new
function, a new class and two names of the file.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hosts import LANGUAGES, Change, Host, Names
from recipe import SIZES, Recipe

FOLDER = Path(__file__).resolve().parent / "snippets"
FOLDERS = (FOLDER, FOLDER / "security", FOLDER / "security_later")
MARK = " <<<"
ALSO = {"typescript": "javascript", "cpp": "c"}  # what is written the same there
UNLIKE = {("typescript", "jsdoc-return")}  # with types, the function might return anything
WHOLE = ("stale-", "security-")  # where the finding may stand on any line of the function


@dataclass(frozen=True)
class Snippet:
    """A section of a file of snippets."""

    rule: str
    alike: bool
    variant: str
    imports: tuple[str, ...]
    lines: tuple[str, ...]


def read(path: Path) -> list[Snippet]:
    """Return the sections of a language's file."""
    if not path.exists():
        return []
    found = []
    text = "\n" + path.read_text("utf-8")
    for part in text.split("\n=== ")[1:]:
        head, *lines = part.rstrip("\n").split("\n")
        rule, kind, variant = head.split()
        imports = tuple(
            each.removeprefix("@import ") for each in lines if each.startswith("@import ")
        )
        body = tuple(each for each in lines if not each.startswith("@import "))
        found.append(Snippet(rule, kind == "alike", variant, imports, body))
    return found


def _exported(host: Host, line: str, name: str) -> str:
    if line != f"{name}.shared = {name};":
        return line
    if any(
        each.type in ("import_statement", "export_statement")
        for each in host.tree.root_node.children
    ):
        return f"export {{ {name} }};"
    return f"module.exports.{name} = {name};"


def _typed(line: str) -> str:
    """Return a JavaScript line with the types that TypeScript wants."""
    found = re.match(r"(\s*(?:export )?function \w+)\(([\w, ]*)\) \{$", line)
    if found is None:
        return line
    names = [f"{each.strip()}: any" for each in found[2].split(",") if each.strip()]
    return f"{found[1]}({', '.join(names)}): any {{"


def _indented(host: Host, line: str) -> str:
    space = re.match(r"[ \t]*", line).group()  # type: ignore[union-attr]
    unit = (
        "\t"
        if space.startswith("\t")
        else ("  " if host.language in ("javascript", "typescript") else "    ")
    )
    depth = space.count("\t") if unit == "\t" else len(space) // len(unit)
    rest = space[len(unit) * depth :] if unit != "\t" else space.lstrip("\t")
    return f"{host.unit * depth}{rest}{line.lstrip()}"


def plant(host: Host, draw: random.Random, snippet: Snippet) -> Change | None:
    """Put a snippet where a new function goes, and its imports behind the others."""
    names = Names(host, draw)
    function = names.fresh()
    pascal = "".join(part[:1].upper() + part[1:] for part in function.split("_"))
    given = {"§N": function, "§C": f"{pascal}Kind", "§a": names.local(), "§b": names.local()}
    if host.language == "java":
        given["§C_HOST"] = Path(host.path).stem

    def filled(line: str) -> str:
        for mark in sorted(given, key=len, reverse=True):
            line = line.replace(mark, given[mark])
        return line

    imports = [filled(each) for each in snippet.imports]
    imports = [each for each in imports if each not in host.lines]
    import_row = host.import_row()
    row = host.end_row()
    if row is None or (snippet.imports and (import_row is None or import_row > row)):
        return None
    marked = [at for at, line in enumerate(snippet.lines) if line.endswith(MARK)]
    if host.language == "python" and any(_bound(each) & host.words for each in imports):
        return None
    block = [filled(each.removesuffix(MARK)) for each in snippet.lines]
    block = [_exported(host, each, function) for each in block]
    if host.language == "typescript":
        block = [_typed(each) for each in block]
    outer = host.outer()
    block = [f"{outer}{_indented(host, each)}" if each.strip() else "" for each in block]
    lines = [
        *host.lines[:row],
        "",
        *([""] if host.language == "python" else []),
        *block,
        *host.lines[row:],
    ]
    if not block:
        lines = host.lines.copy()
    first = row + 1 + (2 if host.language == "python" else 1)
    if imports:
        assert import_row is not None
        lines[import_row:import_row] = [each.removesuffix(MARK) for each in imports]
        first += len(imports)
    last = first + len(block) - 1
    places = tuple((first + at, first + at) for at in marked)
    if not block:
        assert import_row is not None
        first, last = import_row + 1, import_row + len(imports)
        places = ((first, last),) if any(each.endswith(MARK) for each in imports) else ()
    elif places and snippet.rule.startswith(WHOLE):
        places = ((first, last),)
    if snippet.rule == "unused-import" and imports and block:
        assert import_row is not None
        first, last = import_row + 1, import_row + len(imports)
    return Change("\n".join(lines), first, last, places, function)


def _bound(line: str) -> set[str]:
    """Return the names that an import of Python binds."""
    text = line.split("#", maxsplit=1)[0]
    part = text.split(" import ")[-1] if text.startswith("from") else text.removeprefix("import ")
    return {each.split(" as ")[-1].strip().split(".")[0] for each in part.split(",")}


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found = []
    for folder, language in ((each, name) for each in FOLDERS for name in LANGUAGES):
        snippets = read(folder / f"{language}.txt")
        if language in ALSO:
            snippets += [
                each
                for each in read(folder / f"{ALSO[language]}.txt")
                if (language, each.variant) not in UNLIKE
            ]
        for each in snippets:
            beside = SIZES if each.rule in SIZES else ()
            found.append(
                Recipe(
                    each.rule,
                    each.variant,
                    each.alike,
                    language,
                    partial(plant, snippet=each),
                    beside=beside,
                )
            )
    return found
