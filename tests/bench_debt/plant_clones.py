"""Copies of real functions in another real file: exact, renamed, and changed a little."""

from __future__ import annotations

import random
import re
from functools import partial
from typing import TYPE_CHECKING

from hosts import Change, Host, Names, walk
from recipe import Recipe, appended, for_all

if TYPE_CHECKING:
    from tree_sitter import Node

FEWEST_LINES, MOST_LINES, FEWEST_TOKENS = 9, 45, 90
LEADS = {"c": "int", "cpp": "int"}
NUMBER = re.compile(r"(integer|number|int|number|decimal_integer)(_literal)?")
FLAT = re.compile(r"(expression|local_variable|lexical|assignment|short_var|let|declaration)")


def _worth(host: Host) -> list[Node]:
    """Return functions that make a clone when copied."""
    found = []
    for each in host.functions:
        lines = each.end_point[0] - each.start_point[0] + 1
        at_margin = not host.lines[each.start_point[0]][: each.start_point[1]].strip()
        free = each.parent is not None and each.parent.type in (
            "module", "program", "source_file", "translation_unit", "class_body", "declaration_list",
        )  # fmt: skip
        if not (FEWEST_LINES <= lines <= MOST_LINES and at_margin and free):
            continue
        if each.type in ("method_definition", "constructor_declaration"):
            continue
        if host.language not in ("java", "csharp") and host.indentation(each.start_point[0]):
            continue
        tokens = sum(
            1 for node in walk(each) if not node.child_count and "comment" not in node.type
        )
        statements = len([1 for node in walk(each) if FLAT.match(node.type)])
        if tokens >= FEWEST_TOKENS and statements >= 4:
            found.append(each)
    return found


def _pair(host: Host, draw: random.Random) -> tuple[Host, Node] | None:
    if host.path.endswith("__init__.py"):
        return None
    for other in draw.sample(host.siblings, min(12, len(host.siblings))):
        if other.path != host.path and (found := _worth(other)):
            node = draw.choice(found)
            name = node.child_by_field_name("name")
            if name is None or (name.text or b"").decode() not in host.words:
                return other, node
    return None


def _dedented(text: str, space: str) -> list[str]:
    return [line.removeprefix(space) for line in text.split("\n")]


def _renamed(other: Host, node: Node, names: Names) -> str:
    """Return a function's text with its own names and its literals changed."""
    inside = [each for each in walk(node) if each.type == "identifier"]
    outside = {
        each.text
        for each in other.nodes
        if each.type.endswith("identifier")
        and not (node.start_byte <= each.start_byte < node.end_byte)
    }
    bound = {each.text for each in inside if each.text not in outside}
    called = {
        each.text
        for each in inside
        if each.parent is not None
        and each.parent.type.startswith(("call", "method_inv", "invocation", "scoped", "qualified"))
    }
    mapping: dict[bytes, bytes] = {}
    for each in sorted(bound - called, key=lambda name: name or b""):
        if each and len(each) > 1:
            fresh = names.cased(
                f"{('other', 'near', 'own', 'late')[len(mapping) % 4]}_{len(mapping)}"
            )
            mapping[each] = fresh.encode()
    text, last = b"", node.start_byte
    whole = other.text.encode()
    for each in walk(node):
        new = None
        if each.type.endswith("identifier") and each.text in mapping:
            new = mapping[each.text]
        elif NUMBER.fullmatch(each.type) and re.fullmatch(rb"[2-9]\d*", each.text or b""):
            new = (each.text or b"") + b"7"
        if new is not None:
            text += whole[last : each.start_byte] + new
            last = each.end_byte
    return (text + whole[last : node.end_byte]).decode()


def _edited(lines: list[str], host: Host, draw: random.Random) -> list[str] | None:
    """Return lines with one statement taken out, and one put in."""
    ends = ";" if host.language not in ("python", "go") else ""
    simple = [
        at
        for at, line in enumerate(lines[2:-2], 2)
        if re.match(r"\s+[\w.>\-\[\]*&]+( [+\-]?=|\()", line)
        and line.rstrip().endswith(ends or (")", '"', "'", *"abcdefghijklmnopqrstuvwxyz0123456789"))
        and line.count("(") == line.count(")")
        and line.count("[") == line.count("]")
        and not re.match(
            r"\s*(return|if|for|while|else|elif|case|raise|throw|break|continue)\b", line
        )
        and not re.match(r"\s*[)\].]", lines[at + 1])
        and len(re.match(r"\s*", lines[at + 1]).group()) <= len(re.match(r"\s*", line).group())  # type: ignore[union-attr]
        and (
            lines[at - 1]
            .rstrip()
            .endswith((";", "}", "{", ":", ")") if ends else (")", "{", "}", ":", '"'))
        )
    ]
    if len(simple) < 2:
        return None
    at = draw.choice(simple)
    space = re.match(r"\s*", lines[at]).group()  # type: ignore[union-attr]
    name = draw.choice(("attempts", "counted", "settled"))
    added = {
        "python": f"{name} = len(repr({name!r}))",
        "javascript": f"const {name} = Date.now();",
        "typescript": f"const {name} = Date.now();",
        "java": f"final long {name} = System.nanoTime();",
        "csharp": f"var {name} = Environment.TickCount;",
        "go": f'println("{name}")',
        "rust": f"let {name} = std::process::id();",
        "c": f'puts("{name}");',
        "cpp": f'std::puts("{name}");',
    }[host.language]
    new = [*lines[:at], space + added, *lines[at:]]
    other = draw.choice([each for each in simple if each != at])
    gone = other + (other > at)
    before = next((line for line in reversed(new[:gone]) if line.strip()), "")
    if host.language == "python" and before.rstrip().endswith(":"):
        return None
    del new[gone]
    return new


def copied(host: Host, draw: random.Random, kind: int) -> Change | None:
    """A function of another file, copied as type 1, 2 or 3."""
    pair = _pair(host, draw)
    if pair is None:
        return None
    other, node = pair
    space = other.indentation(node.start_point[0])
    text = (node.text or b"").decode() if kind == 1 else _renamed(other, node, Names(host, draw))
    lines = _dedented(text, space)
    if kind == 3:
        edited = _edited(lines, host, draw)
        if edited is None:
            return None
        lines = edited
    if kind == 1:
        middle = len(lines) // 2
        while middle < len(lines) - 1 and (
            lines[middle - 1].rstrip().endswith(("\\", ",", "(")) or '"""' in text or "`" in text
        ):
            middle += 1
        if middle < len(lines) - 1:
            blank = re.match(r"\s*", lines[middle]).group()  # type: ignore[union-attr]
            lines[middle:middle] = [f"{blank}{host.grammar.comment} as it is done elsewhere"]
    change = appended(
        host, lines, [], note=f"copy of {other.path}:{node.start_point[0] + 1}, type {kind}"
    )
    if change is None:
        return None
    first = change.last - len(lines) + 1
    return Change(
        change.text,
        first,
        change.last,
        ((first, change.last),),
        change.note,
        source=(other.path, node.start_point[0] + 1, node.end_point[0] + 1),
    )


def _both(
    host: Host, draw: random.Random, block: list[str], at_import: bool = False
) -> Change | None:
    """Put the same block in two files."""
    others = [each for each in host.siblings if each.path != host.path]
    if not others:
        return None
    other = draw.choice(others)
    made = []
    for each in (host, other):
        if at_import:
            row = each.import_row()
            if row is None:
                return None
            made.append(each.inserted(row, block))
        else:
            change = appended(each, block, [])
            if change is None:
                return None
            made.append(change)
    return Change(
        made[0].text,
        made[0].first,
        made[0].last,
        (),
        f"also in {other.path}",
        {other.path: made[1].text},
    )


def same_imports(host: Host, draw: random.Random) -> Change | None:
    """A dozen imports in two files."""
    words = [
        "alpha",
        "bravo",
        "charlie",
        "delta",
        "echo_part",
        "foxtrot",
        "golf",
        "hotel",
        "india",
        "juliett",
        "kilo",
        "lima",
    ]
    form = {
        "python": "from shapes.{0} import {0}_of, {0}_for",
        "javascript": "import {{ {0}Of, {0}For }} from './shapes/{0}';",
        "typescript": "import {{ {0}Of, {0}For }} from './shapes/{0}';",
        "java": "import org.shapes.{0}.Shape{0};",
        "csharp": "using Shapes.{0}.Inner;",
        "go": 'import {0}_part "example.org/shapes/{0}"',
        "rust": "use crate::shapes::{0}::{{{0}_of, {0}_for}};",
        "c": '#include "shapes/{0}.h"',
        "cpp": '#include "shapes/{0}.h"',
    }[host.language]
    return _both(host, draw, [form.format(each) for each in words], at_import=True)


def data_table(host: Host, draw: random.Random) -> Change | None:
    """Tables of the same shape with other values."""
    name = Names(host, draw).fresh()
    rows = [(at, draw.randint(10, 99), draw.randint(10, 99)) for at in range(24)]
    head, row, end = {
        "python": ("{0} = [", "({0}, {1}, {2}),", "]"),
        "javascript": ("const {0} = [", "[{0}, {1}, {2}],", "];"),
        "typescript": ("const {0} = [", "[{0}, {1}, {2}],", "];"),
        "java": ("private static final int[][] {0} = {{", "{{{0}, {1}, {2}}},", "}};"),
        "csharp": ("private static readonly int[][] {0} = {{", "new[] {{{0}, {1}, {2}}},", "}};"),
        "go": ("var {0} = [][3]int{{", "{{{0}, {1}, {2}}},", "}}"),
        "rust": ("const {0}: [[i64; 3]; 24] = [", "[{0}, {1}, {2}],", "];"),
        "c": ("static const int {0}[][3] = {{", "{{{0}, {1}, {2}}},", "}};"),
        "cpp": ("static const int {0}[][3] = {{", "{{{0}, {1}, {2}}},", "}};"),
    }[host.language]
    block = [head.format(name), *(host.unit + row.format(*each) for each in rows), end.format()]
    return _both(host, draw, block)


def same_getters(host: Host, draw: random.Random) -> Change | None:
    """Ten getters, alike in two files."""
    names = [
        f"{each}_share"
        for each in (
            "width",
            "height",
            "depth",
            "weight",
            "colour",
            "origin",
            "margin",
            "border",
            "corner",
            "anchor",
        )
    ]
    lines: list[str] = []
    for each in names:
        pascal = "".join(part.capitalize() for part in each.split("_"))
        camel = pascal[0].lower() + pascal[1:]
        form = {
            "java": [f"public int get{pascal}() {{", f"{host.unit}return {camel};", "}"],
            "csharp": [f"public int Get{pascal}()", "{", f"{host.unit}return {camel};", "}"],
            "go": [
                f"func (self *Extent) {pascal}() int {{",
                f"{host.unit}return self.{camel}",
                "}",
            ],
        }[host.language]
        lines += ["", *form] if lines else form
    return _both(host, draw, lines)


def two_generated(host: Host, draw: random.Random) -> Change | None:
    """The same function in two files that a tool wrote."""
    pair = _pair(host, draw)
    if pair is None or host.language in ("java", "csharp"):
        return None
    other, node = pair
    sign = host.grammar.comment
    text = (node.text or b"").decode()
    stem, dot, suffix = host.path.rpartition(".")
    head = f"{sign} Code generated by protoc. DO NOT EDIT.\n"
    if host.language == "go":
        head += "\n" + next(line for line in other.lines if line.startswith("package ")) + "\n"
    files = {f"{stem}_{part}_gen{dot}{suffix}": f"{head}\n{text}\n" for part in ("wire", "plain")}
    return Change(host.text, 0, -1, (), f"generated, from {other.path}", files)


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found: list[Recipe] = []
    for kind in (1, 2, 3):
        make = partial(copied, kind=kind)
        found += for_all("clone", f"type-{kind}", make, beside=("unused-symbol",))
    found += for_all("clone", "imports", same_imports, alike=True)
    found += for_all("clone", "table", data_table, alike=True)
    found += for_all(
        "clone", "getters", same_getters, alike=True, languages=("java", "csharp", "go")
    )
    found += for_all("clone", "generated", two_generated, alike=True)
    return found
