"""Parameters that docs describe and the signature does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.detectors._docs.bodies import is_stub
from codearch.detectors._docs.classes import made
from codearch.detectors._docs.removing import removal
from codearch.detectors._docs.signature import Signature, around, named_elsewhere, signature
from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.documented import Documented
    from codearch.detectors._docs.entry import Entry
    from codearch.facts import SymbolFact

KNOWN_OF_WRAPPED = 2  # parameters that show whose docs those of a decorated function are
SHOWN = 60  # characters of a parameter list
_PROSE = frozenset(
    {
        "the",
        "a",
        "an",
        "The",
        "A",
        "An",
        "if",
        "If",
        "this",
        "This",
        "whether",
        "any",
        "optional",
        "Optional",
        "all",
        "see",
        "See",
    }
)
_NO_PARAMETER = frozenset({"None", "none", "void", "nothing", "Nothing", "self", "cls", "this"})
_ACCESSOR = re.compile(r"\.(?:setter|getter|deleter)\b|property\b", re.IGNORECASE)
_OF_MEMBERS = re.compile(r"^\s*\.\. (?:\w+:)?\w*method::", re.MULTILINE)
_BRANCHED = re.compile(r"#\s*(?:if|else|elif|endif)")


def stale_parameters(file: FileView, each: Documented) -> Iterator[Draft]:
    """Yield one finding for each documented parameter that the signature certainly lacks."""
    own = signature(file, each.symbol)
    said = _said(each)
    if all(own.has(entry.name) for entry in said) or _unsure(each):
        return
    elsewhere = named_elsewhere(file, each.place)
    described = {entry.name: entry for entry in said if entry.kind == "parameter"}
    own = own.beside(list(described))
    missing = {entry.name for entry in said if not own.has(entry.name)} - elsewhere
    missing -= around(file, each.symbol) - set(described)
    missing -= _spelled_out(list(described), own)
    gone = [entry for entry in said if entry.name in missing]
    now = renamed(said, own, elsewhere)
    if now and gone and missing == {gone[0].name}:
        yield _renamed(file, each, gone, now)
        return
    gone = [entry for entry in gone if entry.name not in _PROSE]
    if not gone or own.more or is_stub(file, each.place):
        return
    if not own.wrapped or _told_of_the_rest(each.symbol, described, missing):
        known = all(name in described for name in own.names)
        yield _removed(file, each, own, gone, safe=known and not own.more)


def stale_class_parameters(file: FileView, each: Documented) -> Iterator[Draft]:
    """Yield one finding for what a class's docstring describes and nobody can make it with.

    What its code speaks of otherwise may be what the docs mean: an attribute, a method's parameter.
    """
    said = _said(each)
    found = made(file, each.place) if said else None
    if found is None or _OF_MEMBERS.search(each.doc.text):
        return
    order = [entry.name for entry in said if entry.kind == "parameter"]
    own = found.own.beside(order)
    gone = [entry for entry in said if not own.has(entry.name) and entry.name not in _PROSE]
    missing = {entry.name for entry in gone}
    if not missing or own.wrapped or missing & _spelled_out(order, own):
        return
    now = renamed(said, own, frozenset())
    if now and len(missing) == 1 and (len(own.names) > 1 or keeps(found.code, gone[0].name, now)):
        if not missing & found.words or keeps(found.code, gone[0].name, now):
            yield _renamed(file, each, gone, now)
        return
    if not missing & found.words and not own.more and not found.open and any(own.names):
        known = all(name in order for name in own.names)
        yield _removed(file, each, own, gone, safe=known)


def keeps(code: str, attribute: str, parameter: str) -> bool:
    """Say whether a class stores a parameter under an attribute's name, and no more than that."""
    stored = rf"self\._?{re.escape(attribute)}(?:\s*:[^=\n]+)?\s*=\s*{re.escape(parameter)}\b"
    return re.search(stored, code) is not None


def _said(each: Documented) -> list[Entry]:
    """Return what docs say of parameters."""
    said = [entry for entry in each.entries if entry.kind in {"parameter", "mention"}]
    return [entry for entry in said if entry.name not in _NO_PARAMETER]


def _told_of_the_rest(
    symbol: SymbolFact, described: Collection[str], missing: Collection[str]
) -> bool:
    """Say whether docs describe the very parameters of a decorated function, but for one.

    A decorator that takes one more would say its name, as far as this file shows.
    """
    decorators = " ".join(symbol.decorators)
    return (
        len(missing) == 1
        and len(described) > KNOWN_OF_WRAPPED
        and not any(name in decorators for name in missing)
    )


def renamed(said: Sequence[Entry], own: Signature, elsewhere: frozenset[str]) -> str:
    """Return what the one documented parameter that is missing is called now, "" if unsure.

    It is the one that docs leave out, and stands beside the same neighbours.
    """
    order = list(dict.fromkeys(entry.name for entry in said if entry.kind == "parameter"))
    unknown = [each for each in order if not own.has(each) and each not in elsewhere]
    known = Signature(tuple(order))
    left_out = [each for each in own.names if each and not known.has(each)]
    left_out = [each for each in left_out if each not in own.variadic]
    if len(unknown) != 1 or len(left_out) != 1:
        return ""
    before, after = _neighbours(order, unknown[0])
    own_before, own_after = _neighbours(own.names, left_out[0])
    alike = before == own_before, after == own_after
    if own.more:  # what is missing may be one of those that the signature does not show
        return left_out[0] if all(alike) and after else ""
    if own.wrapped and (len(order) != len(own.names) or not any((before, after))):
        return ""
    return left_out[0] if any(alike) else ""


def _spelled_out(order: Sequence[str], own: Signature) -> set[str]:
    """Return what may be among a variadic parameter's arguments: it is described beside it."""
    beside: set[str] = set()
    for place, name in enumerate(order):
        if name in own.variadic:
            beside.update(order[max(0, place - 1) : place + 2])
    return beside


def _neighbours(names: Sequence[str], name: str) -> tuple[str, str]:
    place = names.index(name)
    before = names[place - 1] if place else ""
    after = names[place + 1] if place + 1 < len(names) else ""
    return before.strip("_"), after.strip("_")


def _unsure(each: Documented) -> bool:
    """Say whether the docs of a definition may speak of other parameters than it shows."""
    symbol = each.symbol
    if symbol.kind == "macro" and not symbol.parameters:
        return True
    return (
        _BRANCHED.search(symbol.signature) is not None
        or symbol.name in {"void", "if"}
        or any(_ACCESSOR.search(decorator) for decorator in symbol.decorators)
    )


def _renamed(file: FileView, each: Documented, places: Sequence[Entry], now: str) -> Draft:
    name = places[0].name
    spans = [each.doc.span(file, entry.start, entry.end) for entry in places]
    # The last one first: so each leaves the others where they are.
    edits = tuple(Replacement(file.path, span, now) for span in reversed(spans))
    return Draft(
        span=spans[0],
        message=(
            f"the docs of `{each.symbol.name}` describe a parameter `{name}` "
            f"that it does not have, and leave out `{now}`, which stands in its place"
        ),
        symbol=each.symbol,
        key=name,
        fix=Fix(f"Rename `{name}` to `{now}` in the docs", safe=True, edits=edits),
    )


def _removed(
    file: FileView, each: Documented, own: Signature, gone: Sequence[Entry], *, safe: bool
) -> Draft:
    """Return the finding; its fix is `safe` where no parameter lacks docs that these could be."""
    names = list(dict.fromkeys(entry.name for entry in gone))
    listed = ", ".join(f"`{name}`" for name in names)
    what = f"a parameter {listed}" if len(names) == 1 else f"parameters {listed}"
    has = ", ".join(filter(None, own.names))
    takes = (has if len(has) <= SHOWN else has[: SHOWN - 1] + "…") or "none"
    return Draft(
        span=each.doc.span(file, gone[0].start, gone[0].end),
        message=(
            f"the docs of `{each.symbol.name}` describe {what} that it does not have: "
            f"it takes {takes}"
        ),
        symbol=each.symbol,
        key=" ".join(names),
        fix=removal(file, each.doc, gone, f"Take {listed} out of the docs", safe=safe),
    )
