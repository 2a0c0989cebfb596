"""Cycles of imports, closed between real files; C# is left out, whose files import no files."""

from __future__ import annotations

import posixpath
import random
import re
from functools import partial

from hosts import Change, Host
from recipe import Recipe, for_all

# Cycles: `first` already imports `second`; `second` gets an import of `first`.


def _relative(path: str, target: str) -> str:
    found = posixpath.relpath(target, posixpath.dirname(path) or ".")
    return found if found.startswith(".") else f"./{found}"


def cycle(host: Host, draw: random.Random, deferred: bool = False) -> Change | None:
    """Close a cycle between this file and one that it imports."""
    makers = {
        "python": _python_cycle, "javascript": _script_cycle, "typescript": _script_cycle,
        "c": _c_cycle, "cpp": _c_cycle, "java": _java_cycle, "go": _go_cycle, "rust": _rust_cycle,
    }  # fmt: skip
    return makers[host.language](host, draw, deferred)


def _top_names(host: Host) -> list[str]:
    names = []
    for each in host.tree.root_node.children:
        name = each.child_by_field_name("name")
        if each.type in ("function_definition", "class_definition") and name is not None:
            names.append((name.text or b"").decode())
    return [each for each in names if not each.startswith("_")]


def _module(path: str) -> str:
    """Return how Python names a file: its path below the outermost package."""
    return path.removesuffix(".py").removeprefix("src/").replace("/", ".")


def _imported(host: Host) -> list[Host]:
    """Return the files of this repository that a Python file imports when it is loaded."""
    dotted = re.findall(r"^from ([\w.]+) import \w", host.text, re.MULTILINE)
    package = _module(host.path).rpartition(".")[0]
    wanted = {f"{package}{each}" if each.startswith(".") else each for each in dotted}
    return [each for each in host.siblings if _module(each.path) in wanted]


def _python_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    names = _top_names(host)
    if not names or host.path.endswith("__init__.py") or "/" not in host.path:
        return None
    for second in _imported(host):
        row, body = second.import_row(), None
        if second.functions:
            body = second.functions[-1].child_by_field_name("body")
        name = draw.choice(names)
        if (
            row is None
            or body is None
            or name in second.words
            or second.path.endswith("__init__.py")
        ):
            continue
        if re.search(rf"\b{re.escape(_module(host.path))}\b", second.text):
            continue
        lines = second.lines.copy()
        here = f"from {_module(host.path)} import {name}"
        if deferred:
            lines += [
                "",
                f"def also_{name.lower()}():",
                f"    {here}",
                "",
                f"    return {name}",
                "",
            ]
        else:
            lines += ["", f"CHECKED_{name.upper()} = ({name},)", ""]
            lines[row:row] = [here]
        return _closed(host, second.path, lines, deferred)
    return None


def _closed(host: Host, other: str, lines: list[str], deferred: bool) -> Change:
    places = () if deferred else ((1, len(host.lines)),)
    return Change(host.text, 1, len(host.lines), places, f"with {other}", {other: "\n".join(lines)})


def _script_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    suffix = host.path.rpartition(".")[2]
    for line in host.lines:
        found = re.match(r"import (?!type)(.*) from ['\"](\.[\w./-]+)['\"]", line)
        found = found or re.match(
            r"(?:const|var|let) (.*) = require\(['\"](\.[\w./-]+)['\"]\)", line
        )
        if found is None:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(host.path), found[2]))
        target = (
            target if target.endswith(f".{suffix}") else f"{re.sub(r'[.]js$', '', target)}.{suffix}"
        )
        file = host.root / target
        if not file.is_file() or target == host.path:
            continue
        second = Host(host.root, target, host.language, file.read_text("utf-8"))
        text = second.text
        back = re.sub(r"\.(js|ts)$", "", _relative(target, host.path))
        if back in text or second.tree.root_node.has_error:
            continue
        esm = line.startswith("import")
        if deferred and host.language == "typescript":
            mine = re.search(
                r"^export (?:class|interface|type|function) (\w+)", host.text, re.MULTILINE
            )
            if mine is None or mine[1] in second.words:
                continue
            new = [
                f"import type {{ {mine[1]} }} from '{back}';",
                *second.lines,
                f"export type Closing = {mine[1]};",
            ]
        elif deferred:
            if esm:
                new = [
                    *second.lines,
                    f"export async function closingPart() {{ return import('{back}'); }}",
                ]
            else:
                new = [
                    *second.lines,
                    f"exports.closingPart = function () {{ return require('{back}'); }};",
                ]
        elif esm:
            new = [
                f"import * as closing from '{back}';",
                *second.lines,
                "export const closingPart = closing;",
            ]
        else:
            row = 1 if "use strict" in second.lines[0] else 0
            new = [
                *second.lines[:row],
                f"const closing = require('{back}');",
                *second.lines[row:],
                "exports.closingPart = closing;",
            ]
        return _closed(host, target, new, deferred)
    return None


def _c_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    """Two headers that include each other; a pair of headers that one file includes are a diamond."""
    folder = posixpath.dirname(host.path)
    headers = [
        n
        for n in re.findall(r'^#include "([\w./]+\.hp{0,2})"', host.text, re.MULTILINE)
        if (host.root / folder / n).is_file()
    ]
    if len(headers) < 2:
        return None
    first, second = headers[0], headers[1]
    texts = {n: (host.root / folder / n).read_text("utf-8") for n in (first, second)}
    if posixpath.dirname(first) != posixpath.dirname(second):
        return None
    names = {n: posixpath.basename(n) for n in (first, second)}
    if names[second] in texts[first] or names[first] in texts[second]:
        return None

    def including(text: str, name: str) -> str | None:
        found = re.search(r"^#define \w+$", text, re.MULTILINE) or re.search(
            r"^#pragma once$", text, re.MULTILINE
        )
        return f'{text[: found.end()]}\n#include "{name}"{text[found.end() :]}' if found else None

    one = including(texts[first], names[second])
    two = including(texts[second], names[first])
    if one is None or two is None:
        return None
    path = posixpath.normpath(posixpath.join(folder, first))
    other = posixpath.normpath(posixpath.join(folder, second))
    others = {path: one} if deferred else {path: one, other: two}
    places = () if deferred else ((1, 1),)
    return Change(host.text, 1, 1, places, f"{path} with {other}", others)


def _java_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    """Two classes that import each other, the way back in a field or in Javadoc alone."""
    package = re.search(r"^package ([\w.]+);", host.text, re.MULTILINE)
    mine = posixpath.basename(host.path).removesuffix(".java")
    if package is None:
        return None
    for dotted in re.findall(r"^import ([\w.]+);", host.text, re.MULTILINE):
        target = dotted.replace(".", "/") + ".java"
        second = next((each for each in host.siblings if each.path.endswith("/" + target)), None)
        row = second.import_row() if second is not None else None
        if second is None or row is None or mine in second.words:
            continue
        end, lines = second.end_row(), second.lines.copy()
        if end is None or end < row:
            continue
        space = second.outer()
        back = f"import {package[1]}.{mine};"
        if deferred:
            lines[end:end] = [
                "",
                f"{space}/** Made by {{@link {mine}}}. */",
                f"{space}int closingPart = 3;",
            ]
        else:
            lines[end:end] = ["", f"{space}private static final Class<?> CLOSING = {mine}.class;"]
        lines[row:row] = [back]
        return _closed(host, second.path, lines, deferred)
    return None


def _go_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    """Two packages that import each other."""
    module = host.root / "go.mod"
    found = (
        re.search(r"^module (\S+)", module.read_text("utf-8"), re.MULTILINE)
        if module.is_file()
        else None
    )
    names = re.findall(r"^func ([A-Z]\w+)", host.text, re.MULTILINE)
    folder = posixpath.dirname(host.path)
    if found is None or not names or not folder:
        return None
    name = re.search(r"^package (\w+)", host.text, re.MULTILINE)
    for dotted in re.findall(rf'"{re.escape(found[1])}/([\w/]+)"', host.text):
        second = next((e for e in host.siblings if posixpath.dirname(e.path) == dotted), None)
        row = second.import_row() if second is not None else None
        if second is None or row is None or name is None or name[1] in second.words:
            continue
        lines = [*second.lines, f"var ClosingPart = {name[1]}.{names[0]}", ""]
        lines[row:row] = [f'import "{found[1]}/{folder}"']
        return _closed(host, second.path, lines, deferred)
    return None


def _rust_cycle(host: Host, draw: random.Random, deferred: bool) -> Change | None:
    """Two modules of a crate that use each other."""
    mine = re.search(
        r"^pub(?:\(crate\))? (?:struct|enum|trait) (\w+)\b(?!<)", host.text, re.MULTILINE
    )
    base, _, rest = host.path.rpartition("src/")
    if mine is None or not rest or posixpath.basename(rest) in ("lib.rs", "main.rs", "mod.rs"):
        return None
    own = rest.removesuffix(".rs").replace("/", "::")
    # A type of the module: a module that it holds is another file, which does not need the first.
    for dotted in re.findall(r"^use crate::([\w:]+)::\{?[A-Z]", host.text, re.MULTILINE):
        paths = {f"{base}src/{dotted.replace('::', '/')}{end}" for end in (".rs", "/mod.rs")}
        second = next((each for each in host.siblings if each.path in paths), None)
        row = second.import_row() if second is not None else None
        if second is None or row is None or mine[1] in second.words:
            continue
        lines = [*second.lines, f"pub type ClosingPart = {mine[1]};", ""]
        lines[row:row] = [f"use crate::{own}::{mine[1]};"]
        return _closed(host, second.path, lines, deferred)
    return None


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found: list[Recipe] = []
    graphs = ("python", "javascript", "typescript", "c", "cpp", "java", "go", "rust")
    found += for_all("import-cycle", "two-files", cycle, languages=graphs)
    deferred = partial(cycle, deferred=True)
    for names, variant in (
        (("python", "javascript"), "deferred"),
        (("typescript",), "type-only"),
        (("c", "cpp"), "one-way"),
        (("java",), "documentation-only"),
    ):
        found += for_all("import-cycle", variant, deferred, alike=True, languages=names)
    return found
