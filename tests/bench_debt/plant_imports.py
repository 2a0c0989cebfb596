"""Imports that nothing uses, put into real files."""

from __future__ import annotations

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
    return found
