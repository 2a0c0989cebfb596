"""Imports that nothing uses, and cycles of imports, put into real files."""

from __future__ import annotations

import posixpath
import random
import re
from functools import partial

from hosts import Change, Host
from recipe import Recipe, for_all

UNUSED = {
    "python": {
        "module": [
            ("import shelve", "shelve"),
            ("import calendar", "calendar"),
            ("import mimetypes", "mimetypes"),
        ],
        "alias": [
            ("import quopri as printable", "printable"),
            ("import zipapp as packer", "packer"),
        ],
        "member": [
            ("from fractions import Fraction", "Fraction"),
            ("from string import Formatter", "Formatter"),
        ],
        "member-alias": [("from textwrap import dedent as flush", "flush")],
        "dotted": [("import xml.sax.saxutils", "xml"), ("import wsgiref.util", "wsgiref")],
    },
    "javascript": {
        "default": [("import punycode from 'punycode';", "punycode")],
        "member": [("import { isDeepStrictEqual } from 'util';", "isDeepStrictEqual")],
        "member-alias": [("import { performance as stopwatch } from 'perf_hooks';", "stopwatch")],
        "namespace": [("import * as readline from 'readline';", "readline")],
    },
    "java": {
        "class": [
            ("import java.util.StringJoiner;", "StringJoiner"),
            ("import java.util.BitSet;", "BitSet"),
        ],
        "static": [("import static java.util.Objects.requireNonNullElse;", "requireNonNullElse")],
    },
    "csharp": {
        "alias": [("using Clock = System.Diagnostics.Stopwatch;", "Clock")],
        "namespace": [("using System.IO.Compression;", "ZipFile")],
    },
    "go": {
        "package": [('import "container/ring"', "ring"), ('import "text/tabwriter"', "tabwriter")],
        "alias": [('import shapes "text/template/parse"', "shapes")],
    },
    "rust": {
        "item": [("use std::collections::BinaryHeap;", "BinaryHeap")],
        "alias": [("use std::ops::Range as Stretch;", "Stretch")],
        "member-of-list": [("use std::rc::{Weak as Loose};", "Loose")],
    },
}
UNUSED["typescript"] = {
    **UNUSED["javascript"],
    "type": [("import type { Readable } from 'stream';", "Readable")],
}


def unused(host: Host, draw: random.Random, variant: str) -> Change | None:
    """One import line behind the others."""
    row = host.import_row()
    fitting = [each for each in UNUSED[host.language][variant] if each[1] not in host.words]
    if row is None or not fitting:
        return None
    line, name = draw.choice(fitting)
    return host.inserted(row, [line], [0], note=name)


def only_mentioned(host: Host, draw: random.Random) -> Change | None:
    """An import whose name occurs in a comment and as another object's member alone."""
    line, name = {
        "python": ("import calendar", "calendar"),
        "javascript": ("import punycode from 'punycode';", "punycode"),
        "typescript": ("import punycode from 'punycode';", "punycode"),
        "java": ("import java.util.BitSet;", "BitSet"),
    }[host.language]
    row = host.import_row()
    if row is None or name in host.words or not host.functions:
        return None
    body = draw.choice(host.functions).child_by_field_name("body")
    assert body is not None
    at = body.start_point[0] + (host.language != "python")
    if at <= row or not host.lines[at].strip():
        return None
    space = host.indentation(at)
    if len(space) <= len(host.indentation(body.start_point[0])) and host.language != "python":
        return None
    told = f"{space}{host.grammar.comment} the {name} would be of no help here"
    rows = [*host.lines[:row], line, *host.lines[row:at], told, *host.lines[at:]]
    return Change("\n".join(rows), row + 1, row + 1, ((row + 1, row + 1),), f"{name} in a comment")


def in_list(host: Host, draw: random.Random) -> Change | None:
    """A further name in an import that others use."""
    name = {"python": "signature_of", "typescript": "ignored_part", "javascript": "ignored_part"}[
        host.language
    ]
    for each in host.tree.root_node.children:
        text = (each.text or b"").decode()
        if each.type not in host.grammar.imports or "\n" in text or "__future__" in text:
            continue
        if host.language == "python":
            if (
                not text.startswith("from ")
                or text.endswith((")", "*"))
                or "#" in host.lines[each.start_point[0]]
            ):
                continue
            new = f"{text}, {name}"
        else:
            if not re.search(r"\w \}", text) or "import type" in text:
                continue
            new = text.replace(" }", f", {name} }}", 1)
        row = each.start_point[0]
        if host.path.endswith("__init__.py"):
            return None
        rows = [*host.lines[:row], host.lines[row].replace(text, new), *host.lines[row + 1 :]]
        return Change("\n".join(rows), row + 1, row + 1, ((row + 1, row + 1),), name)
    return None


def common_js(host: Host, draw: random.Random) -> Change | None:
    """A `require` whose name nothing uses."""
    for row, line in enumerate(host.lines):
        if re.match(r"(const|var|let) \w+ = require\(", line) and "punycode" not in host.words:
            return host.inserted(
                row + 1, ["const punycode = require('punycode');"], [0], "punycode"
            )
    return None


# Cycles: `first` already imports `second`; `second` gets an import of `first`.


def _relative(path: str, target: str) -> str:
    found = posixpath.relpath(target, posixpath.dirname(path) or ".")
    return found if found.startswith(".") else f"./{found}"


def cycle(host: Host, draw: random.Random, deferred: bool = False) -> Change | None:
    """Close a cycle between this file and one that it imports."""
    makers = {
        "python": _python_cycle, "javascript": _script_cycle, "typescript": _script_cycle,
        "c": _c_cycle, "cpp": _c_cycle,
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


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    found: list[Recipe] = []
    for language, variants in UNUSED.items():
        for variant in variants:
            found += for_all(
                "unused-import", variant, partial(unused, variant=variant), languages=(language,)
            )
    found += for_all(
        "unused-import",
        "only-mentioned",
        only_mentioned,
        languages=("python", "javascript", "typescript"),
    )
    found += for_all(
        "unused-import", "one-of-a-list", in_list, languages=("python", "javascript", "typescript")
    )
    found += for_all("unused-import", "require", common_js, languages=("javascript",))
    graphs = ("python", "javascript", "typescript", "c", "cpp")
    found += for_all("import-cycle", "two-files", cycle, languages=graphs)
    deferred = partial(cycle, deferred=True)
    for names, variant in (
        (("python", "javascript"), "deferred"),
        (("typescript",), "type-only"),
        (("c", "cpp"), "one-way"),
    ):
        found += for_all("import-cycle", variant, deferred, alike=True, languages=names)
    return found
