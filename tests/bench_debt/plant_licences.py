"""Headers that tell of another licence, headers that are missing, and prose that names one."""

from __future__ import annotations

import json
import random
import re
import subprocess
from functools import partial
from typing import TYPE_CHECKING

from hosts import Change, Host
from recipe import Recipe, for_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GPL = (
    "This program is free software: you can redistribute it and/or modify it under the terms of",
    "the GNU General Public License as published by the Free Software Foundation, either version",
    "3 of the License, or (at your option) any later version.",
)
SPDX = ("SPDX-License-" + "Identifier: GPL-3.0-only",)
PACKAGED = ("javascript", "typescript")
HEAD = re.compile(r"licen[cs]e|copyright|spdx", re.IGNORECASE)


def _header(host: Host) -> int:
    """Return how many lines of comment the file begins with."""
    count, block = 0, False
    for line in host.lines:
        text = line.strip()
        if (
            block
            or text.startswith(("//", "#!", "# ", "#\n", "/*"))
            or (host.language == "python" and text.startswith("#"))
        ):
            block = (block or text.startswith("/*")) and "*/" not in text
            count += 1
        else:
            break
    return count


def foreign(host: Host, draw: random.Random, text: Sequence[str]) -> Change | None:
    """The GPL over a file of a project that is licensed otherwise."""
    if host.lines[0].startswith("#!"):
        return None
    count = _header(host)
    if count and not HEAD.search("\n".join(host.lines[:count])):
        return None
    told = [f"{host.grammar.comment} {each}" for each in text]
    rows = [*told, "", *host.lines[count:]]
    return Change("\n".join(rows), 1, len(told), ((1, len(told)),), "GPL")


def missing(host: Host, draw: random.Random) -> Change | None:
    """A file without the header that all others have."""
    heads = [HEAD.search("\n".join(each.lines[: _header(each)])) for each in host.siblings]
    if len(heads) < 8 or sum(1 for each in heads if each) < 0.9 * len(heads):
        return None
    count = _header(host)
    if (
        not count
        or not HEAD.search("\n".join(host.lines[:count]))
        or host.lines[0].startswith("#!")
    ):
        return None
    return Change("\n".join(host.lines[count:]).lstrip("\n"), 1, 1, ((1, 1),), "header gone")


def prose(host: Host, draw: random.Random) -> Change | None:
    """A comment inside of the file that names a licence."""
    row = host.end_row()
    if row is None:
        return None
    told = "The tables of the GNU General Public License v3 tools have another order than these."
    return host.inserted(row, ["", f"{host.outer()}{host.grammar.comment} {told}"], [], "prose")


GPL_FILE = """                    GNU GENERAL PUBLIC LICENSE
                       Version 3, 29 June 2007

 Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>
 Everyone is permitted to copy and distribute verbatim copies
 of this license document, but changing it is not allowed.

                            Preamble

  The GNU General Public License is a free, copyleft license for
software and other kinds of works.
"""
MIT_FILE = """MIT License

Copyright (c) 2019 Marta Veidt

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.
"""


def vendored(host: Host, draw: random.Random, alike: bool) -> Change | None:
    """A copy of somebody's code in a folder of its own, with its licence beside it."""
    part, suffix = draw.choice(("tabula", "quernel", "sortile")), host.path.rpartition(".")[2]
    licence = f"vendor/{part}/LICENSE"
    if (host.root / "vendor").exists() or not host.functions or _is_ignored(host.root, licence):
        return None
    others = {licence: MIT_FILE if alike else GPL_FILE, f"vendor/{part}/{part}.{suffix}": host.text}
    places = () if alike else ((1, 1),)
    return Change(host.text, 0, -1, places, part, others, place_path=licence)


def _is_ignored(root: Path, path: str) -> bool:
    """Say whether git leaves a path out: what lies there is no copy in the repository."""
    command = ["git", "-C", str(root), "check-ignore", "--no-index", "--quiet", path]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def dependency(host: Host, draw: random.Random, alike: bool) -> Change | None:
    """A package that is needed at run time, installed, and under other terms."""
    manifest = host.root / "package.json"
    if not manifest.is_file():
        return None
    text = manifest.read_text("utf-8")
    told = json.loads(text)
    part = draw.choice(("tabula", "quernel", "sortile"))
    told.setdefault("dependencies", {})[part] = "^2.1.0"
    terms = "ISC" if alike else "GPL-3.0-only"
    there = {"name": part, "version": "2.1.4", "license": terms, "main": "index.js"}
    others = {
        "package.json": json.dumps(told, indent=2) + "\n",
        f"node_modules/{part}/package.json": json.dumps(there, indent=2) + "\n",
        f"node_modules/{part}/index.js": "module.exports = {};\n",
    }
    places = () if alike else ((1, 9999),)
    return Change(host.text, 0, -1, places, part, others, place_path="package.json")


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    return [
        *for_all("licence", "gpl-text", lambda host, draw: foreign(host, draw, GPL)),
        *for_all("licence", "gpl-spdx", lambda host, draw: foreign(host, draw, SPDX)),
        *for_all("licence", "header-missing", missing),
        *for_all("licence", "prose", prose, alike=True),
        *for_all("licence", "vendored", partial(vendored, alike=False)),
        *for_all("licence", "vendored", partial(vendored, alike=True), alike=True),
        *for_all("licence", "dependency", partial(dependency, alike=False), languages=PACKAGED),
        *for_all(
            "licence", "dependency", partial(dependency, alike=True), alike=True, languages=PACKAGED
        ),
    ]
