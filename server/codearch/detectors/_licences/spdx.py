"""SPDX licence expressions, and the other names by which manifests call licences."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"\s*(\(|\)|[A-Za-z0-9.:+_-]+)")
_DEPRECATED = re.compile(r"((?:L|A)?GPL-\d\.\d)(\+?)$")
_NAMES = {  # what people write where an id is asked for, lowercase, beside the ids themselves
    "MIT": r"mit|mit license|the mit license.*|expat(?: license)?|mit/x11",
    "MIT OR Apache-2.0": r"mit and apache2|mit/apache-2\.0|apache-2\.0/mit|mit or apache",
    "Apache-2.0": (
        r"(?:the )?apache(?: software)?(?: license)?,?[ -]?(?:version |v)?2(?:\.0)?(?: license)?"
        r"|apache license version 2.*|asl 2(?:\.0)?|apache2|apache software license"
    ),
    "BSD-3-Clause": (
        r"(?:new |modified |revised |3-clause |the )?bsd(?: 3-clause)?(?: license)?"
        r"(?: \(3-clause\))?|bsd[- ]?3(?:-clause)?|bsd 3-clause.*"
    ),
    "BSD-2-Clause": r"simplified bsd.*|bsd[- ]?2(?:-clause)?|2-clause bsd.*|bsd 2-clause.*",
    "ISC": r"isc license.*|isc",
    "AGPL-3.0-or-later": (
        r"(?:gnu )?(?:agpl|affero general public license)[ -]?v?3(?:\.0)?(?:\+| or later.*)?"
        r"|gnu affero general public license v3.*"
    ),
    "LGPL-2.1-or-later": r"lgpl ?(?:v?[23].*)?|gnu (?:lesser|library) .*|lesser general public .*",
    "GPL-2.0-or-later": (
        r"(?:gnu )?gpl[ -]?v?2(?:\+| or later.*)|gplv?2|gnu general public license v2 or later.*"
        r"|gnu general public license v2 \(gplv2\)"
    ),
    "GPL-3.0-or-later": (
        r"(?:gnu )?gpl[ -]?v?3(?:\+| or later.*)?|gnu general public license v3.*"
        r"|gnu general public license,? version 3.*"
    ),
    "MPL-2.0": r"mozilla public license,?(?: version)? 2\.0.*|mpl[ -]?2(?:\.0)?",
    "EPL-1.0": r"eclipse public license.*1\.0|epl[ -]?1(?:\.0)?",
    "EPL-2.0": r"eclipse public license.*2\.0|epl[ -]?2(?:\.0)?",
    "CDDL-1.0": r"cddl(?:[ +].*)?|common development and distribution license.*",
    "Unlicense": r"(?:the )?unlicense.*|public domain",
    "PSF-2.0": r"python software foundation license|psf.*",
    "LicenseRef-proprietary": (
        r"proprietary|unlicensed|other/proprietary license|all rights reserved|commercial"
    ),
}
_BY_NAME = [(re.compile(pattern), expression) for expression, pattern in _NAMES.items()]
_ID = re.compile(r"[A-Za-z0-9.+-]*(?:\d|[A-Z])[A-Za-z0-9.+-]*|LicenseRef-[\w.-]+")


class Licence(NamedTuple):
    """One licence: its SPDX id, and the exception that is granted with it, if any."""

    id: str
    exception: str = ""

    def __str__(self) -> str:
        return f"{self.id} WITH {self.exception}" if self.exception else self.id


Expression = tuple[tuple[Licence, ...], ...]  # alternatives, each of which asks for all of its own
_MOST_ALTERNATIVES = 16
_MOST_TOKENS = 200  # far more than anybody writes, and few enough to be read in one go


def parse(text: str) -> Expression:
    """Return what an SPDX expression, or another name of a licence, says; () if unknown."""
    text = " ".join(text.split())
    lowered = text.lower()
    for pattern, known in _BY_NAME:
        if pattern.fullmatch(lowered):
            text = known
            break
    tokens = _tokens(text)
    if not tokens or len(tokens) > _MOST_TOKENS:
        return ()
    found, end = _alternatives(tokens, 0)
    return found if end == len(tokens) and len(found) <= _MOST_ALTERNATIVES else ()


def written(expression: Expression) -> str:
    """Return an expression as text."""
    return " OR ".join(" AND ".join(map(str, one)) for one in expression)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return []
        found.append(match[1])
        at = match.end()
    return found


def _alternatives(tokens: list[str], at: int) -> tuple[Expression, int]:
    found, at = _together(tokens, at)
    while at < len(tokens) and tokens[at].upper() == "OR" and found:
        other, at = _together(tokens, at + 1)
        found = (*found, *other) if other else ()
    return found, at


def _together(tokens: list[str], at: int) -> tuple[Expression, int]:
    found, at = _one(tokens, at)
    while at < len(tokens) and tokens[at].upper() == "AND" and found:
        other, at = _one(tokens, at + 1)
        found = tuple((*left, *right) for left in found for right in other)
        if len(found) > _MOST_ALTERNATIVES:
            return (), at
    return found, at


def _one(tokens: list[str], at: int) -> tuple[Expression, int]:
    if at >= len(tokens):
        return (), at
    if tokens[at] == "(":
        found, at = _alternatives(tokens, at + 1)
        closed = at < len(tokens) and tokens[at] == ")"
        return (found if closed else ()), at + 1
    if not _ID.fullmatch(tokens[at]) or tokens[at].upper() in {"AND", "OR", "WITH"}:
        return (), at
    licence = _normal(tokens[at])
    at += 1
    if at + 1 < len(tokens) and tokens[at].upper() == "WITH":
        return ((Licence(licence, tokens[at + 1]),),), at + 2
    return ((Licence(licence),),), at


def _normal(name: str) -> str:
    """Return the id that took a deprecated one's place."""
    match = _DEPRECATED.fullmatch(name)
    if match:
        return f"{match[1]}-or-later" if match[2] else f"{match[1]}-only"
    return name
