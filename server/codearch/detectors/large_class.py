"""Classes that do more than one thing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors._callables import is_notable
from codearch.detectors._class_members import Members, classes, groups
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.facts import Related
from codearch.languages._language import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts

_LEAST_METHODS = 10  # of a class that is judged by its fields
_LEAST_OF_GROUP = 3  # methods and fields that make a group a thing of its own
_LEAST_USERS = 12  # methods that use fields, from which on the pairs of them say something
LEAST_COHESION = 0.15  # pairs that share a field (Bieman and Kang, 1995) of all pairs
_SHOWN = 3  # names
_SAME_KIND = 0.6  # of the methods: they are a table
_TABLES = kinds("visit depart leave enter exit on handle test do op case accept")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each class with too many methods, or with fields that fall apart."""
    if file.test:
        return
    most_methods, most_fields = int(file.limits["methods"]), int(file.limits["fields"])
    for members in classes(file):
        symbol = members.symbol
        if symbol.test or _is_builder(file.facts, members) or _is_table(file.facts, members):
            continue
        count = len(members.methods)
        if count > most_methods:
            what = _by_methods(members, most_methods)
            draft = _draft(file, members, what, count / most_methods)
            yield replace(draft, quiet=not is_notable(count, most_methods))
        elif len(members.fields) > most_fields and count >= _LEAST_METHODS:
            what = _apart(file, members, most_fields)
            if what:
                yield _draft(file, members, what, 1.0)


def _by_methods(members: Members, limit: int) -> str:
    size = f"{members.lines} lines of code"
    if members.fields:
        size += f" on {len(members.fields)} field" + "s" * (len(members.fields) > 1)
    return (
        f"has {len(members.methods)} methods (limit {limit}), {size}: whoever changes one has all "
        "of it to know; what serves one purpose can become a class of its own"
    )


def _apart(file: FileView, members: Members, limit: int) -> str:
    """Say how the methods of a class with many fields have nothing to do with each other, or ""."""
    found = groups(file, members)
    apart = [
        one
        for one in found
        if len(one.methods) >= _LEAST_OF_GROUP and len(one.fields) >= _LEAST_OF_GROUP
    ]
    fields = f"has {len(members.fields)} fields (limit {limit}), and "
    if len(apart) > 1:
        parts = "; ".join(
            f"{_names(file.facts, one.methods)} with {_listed(sorted(one.fields))}" for one in apart
        )
        return (
            f"{fields}its {len(members.methods)} methods fall into {len(apart)} groups that share "
            f"none of them: {parts}; each can become a class of its own"
        )
    users = [used for one in found for used in one.uses if used]
    if len(users) < _LEAST_USERS:
        return ""
    pairs = len(users) * (len(users) - 1) // 2
    sharing = sum(bool(one & other) for one, other in itertools.combinations(users, 2))
    if sharing >= LEAST_COHESION * pairs:
        return ""
    return (
        f"{fields}of the pairs of its {len(users)} methods that use them only "
        f"{100 * sharing // pairs} in 100 share one: what works on the same fields can become a "
        "class of its own"
    )


def _names(facts: FileFacts, methods: tuple[int, ...]) -> str:
    return _listed([facts.symbols[each].name for each in methods])


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _draft(file: FileView, members: Members, what: str, times: float) -> Draft:
    symbol = members.symbol
    longest = sorted(
        members.methods,
        key=lambda each: (
            -(metrics.code_lines if (metrics := file.facts.symbols[each].metrics) else 0)
        ),
    )[:_SHOWN]
    return Draft(
        span=file.first_line(symbol),
        message=f"`{symbol.name}` {what}",
        symbol=symbol,
        key="class",
        severity=3 if times > 2 else None,
        effort_hours=round(4.0 * times, 1),
        related=tuple(
            Related(
                file.path,
                file.facts.symbols[each].span.line,
                file.facts.symbols[each].span.end_line,
                f"`{file.facts.symbols[each].name}` is one of its longest methods",
            )
            for each in sorted(longest)
        ),
    )


def _is_builder(facts: FileFacts, members: Members) -> bool:
    """Say whether most methods give the object itself back, to be called one after the other."""
    if members.symbol.name.endswith(("Builder", "Config", "Options")):
        return True
    own = {"Self", members.symbol.name}
    chained = sum(
        1
        for each in members.methods
        if facts.symbols[each].result in {"this", "self", "new self"}
        or facts.symbols[each].returns.removeprefix("&").removeprefix("mut ") in own
    )
    return 2 * chained > len(members.methods)


def _is_table(facts: FileFacts, members: Members) -> bool:
    """Say whether most methods are called by name, one for each kind of thing: a visitor, say."""
    first = [_first_word(facts.symbols[each].name.lstrip("_")).lower() for each in members.methods]
    return bool(first) and sum(word in _TABLES for word in first) >= _SAME_KIND * len(first)


def _first_word(name: str) -> str:
    """Return the `visit` of `visitName`, `VisitName` and `visit_name`."""
    name = name.partition("_")[0]
    for at in range(1, len(name)):
        if name[at].isupper() and name[at - 1].islower():
            return name[:at]
    return name


DETECTOR = FileDetector(
    id="large-class",
    category="size",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Classes with more methods than a purpose needs, or with fields that fall apart.",
    why=(
        "What one method leaves in a field the next one has to expect, so all have to be known "
        "before one is changed. Methods count by their names, without constructors, accessors, "
        "operators and what a base type asks for. Classes with many fields are reported where "
        "their methods fall into groups that share no field, or hardly two share one. Tests, data "
        "classes, builders, visitors and other tables of handlers are left alone. In C the "
        "functions that take a pointer to a struct of the same file first are its methods."
    ),
    example="class Orders:  # 45 methods that read, price, ship, bill and print",
    effort_hours=4.0,
    limits={"methods": 30, "fields": 15},
    check=check,
    comments=False,
    in_tests=False,
    measures=True,
)
