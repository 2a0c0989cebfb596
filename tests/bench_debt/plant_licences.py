"""Headers that tell of another licence, headers that are missing, and prose that names one."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from hosts import Change, Host
from recipe import Recipe, for_all

if TYPE_CHECKING:
    from collections.abc import Sequence

GPL = (
    "This program is free software: you can redistribute it and/or modify it under the terms of",
    "the GNU General Public License as published by the Free Software Foundation, either version",
    "3 of the License, or (at your option) any later version.",
)
SPDX = ("SPDX-License-" + "Identifier: GPL-3.0-only",)
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


def recipes() -> list[Recipe]:
    """Return what this module plants."""
    return [
        *for_all("licence", "gpl-text", lambda host, draw: foreign(host, draw, GPL)),
        *for_all("licence", "gpl-spdx", lambda host, draw: foreign(host, draw, SPDX)),
        *for_all("licence", "header-missing", missing),
        *for_all("licence", "prose", prose, alike=True),
    ]
