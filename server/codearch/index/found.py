"""The stored form of findings: nothing in it that the other columns of their rows say already.

Most findings are short: the names of their fields, and the path of their file in every place that
they name, would be more than half of them. A form is an array, that path stands in it as "", and
numbers are thousandths where that says all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from codearch.checked import learnt
from codearch.facts import Anchor, Category, Finding, Fix, Related, Replacement, Span
from codearch.index.contents import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

# What `unpack` takes, from rows of findings as `n`.
COLUMNS = "n.id, n.path, n.rule, n.severity, n.data"
_THOUSAND = 1000
Place = TypeVar("Place", Related, Replacement)


class _Stored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    category: Category
    message: str
    span: Span
    symbol: str
    effort_hours: int | float
    impact: int | float
    priority: int | float
    confidence: int | float
    fix: Fix | None
    related: tuple[Related, ...]
    anchor: Anchor | None
    since: int
    quiet: bool


class FoundAlone(msgspec.Struct, frozen=True, array_like=True):
    """What rules found in a file by looking at nothing else, in its stored form."""

    path: str
    key: bytes  # of its content
    rows: list[tuple[str, str, str, int, bytes]]  # id, path, rule, severity, data
    beyond: list[str]  # ids of the rules that have not run: they ask for other files too
    extracts: list[tuple[int, bytes]]  # by the number of the rule that wants it kept


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(learnt(_Stored)).decode


def pack(finding: Finding) -> bytes:
    """Return the stored form of a finding: the column `data` of its row."""
    own = finding.path
    form = _Stored(
        finding.category,
        finding.message,
        finding.span,
        finding.symbol,
        _thousandths(finding.effort_hours),
        _thousandths(finding.impact),
        _thousandths(finding.priority),
        _thousandths(finding.confidence),
        _named(finding.fix, own, "") if finding.fix else None,
        _renamed(finding.related, own, "") if finding.related else (),
        finding.anchor,
        finding.since,
        finding.quiet,
    )
    return _encode(form)


def unpack(number: str, path: str, rule: str, severity: int, data: bytes) -> Finding:
    """Return the finding of a row, by its COLUMNS."""
    with readable():
        form = _decode(data)
    return Finding(
        number,
        rule,
        form.category,
        severity,
        form.message,
        path,
        form.span,
        form.symbol,
        _whole(form.effort_hours),
        _whole(form.impact),
        _whole(form.priority),
        _whole(form.confidence),
        _named(form.fix, "", path) if form.fix else None,
        _renamed(form.related, "", path) if form.related else (),
        form.anchor,
        since=form.since,
        quiet=form.quiet,
    )


def _thousandths(value: float) -> int | float:
    found = round(value * _THOUSAND)
    return found if found / _THOUSAND == value else float(value)


def _whole(stored: float) -> float:
    return stored / _THOUSAND if isinstance(stored, int) else stored


def _named(fix: Fix, path: str, other: str) -> Fix:
    return replace(fix, edits=_renamed(fix.edits, path, other))


def _renamed(places: Iterable[Place], path: str, other: str) -> tuple[Place, ...]:
    """Return places with another name for one path."""
    return tuple(replace(each, path=other) if each.path == path else each for each in places)
