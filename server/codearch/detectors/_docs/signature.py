"""Which parameters docs may name: a function's own, and what else may be passed to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.detectors._detector import FileView
    from codearch.facts import Parameter, SymbolFact

# Whose variadic parameter stands for any number of names that docs may spell out.
_SPELLED_OUT = frozenset({"python", "javascript", "typescript"})
_OVERLOADED = frozenset({"python", "typescript"})  # several signatures, one body
_RECEIVERS = frozenset({"self", "cls", "this"})
_MARKS = re.compile(r"^(?:[*&@]+|mut |ref |\.\.\.)+|[?!]$")
_ARGUMENTS = re.compile(rb"\barguments\b(?!\.length)")
_RETURNED = re.compile(
    rb"(?:\breturn\b|=>|\bdef\s+\w+|\A)\s*(?:async\s*)?(?:function\b\s*\*?\s*\w*\s*)?\(?[^()]*\Z"
)
_NEAR_BYTES = 300
_KEPT_DECORATOR = re.compile(
    r"@?(?:[\w.]+\.)?(?:staticmethod|classmethod|abstract\w*|override|overload|final|\w*cache[ds]?|memoi[sz]e\w*|register\w*|set_module|array_function_\w+"
    r"|(?:async)?contextmanager|wraps|deprecated\w*|no_type_check|coroutine|total_ordering|singledispatch"
    r"|typecheck\w*|beartype|jit|njit)\b"
)


@dataclass(frozen=True)
class Signature:
    """A function's parameters as docs name them, in order; "" for one that has no plain name.

    `variadic` are those that take any number of arguments, `by_name` those among them whose
    arguments have names. `more`: the function may be called otherwise than its parameters say;
    `wrapped`: a decorator nobody knows here may take more, or less.
    """

    names: tuple[str, ...]
    variadic: frozenset[str] = frozenset()
    by_name: frozenset[str] = frozenset()
    more: bool = False
    wrapped: bool = False

    def has(self, name: str) -> bool:
        """Say whether docs that name a parameter so mean one of these."""
        bare = name.strip("_")
        return any(name == own or (bare and bare == own.strip("_")) for own in self.names)

    def beside(self, order: Sequence[str]) -> Signature:
        """Return it as docs see it that describe these parameters in this order.

        What has no plain name is called as they call it, if they describe as many; and a variadic
        parameter that they describe under its own name is not spelled out.
        """
        names = self.names
        if len(order) == len(names):
            names = tuple(own or said for own, said in zip(names, order, strict=True))
        spelled_out = self.by_name or not self.variadic <= set(order)
        more = self.more or "" in names or (bool(self.variadic) and bool(spelled_out))
        return replace(self, names=names, more=more)


def signature(file: FileView, symbol: SymbolFact) -> Signature:
    """Return the parameters of a function, receivers apart."""
    language = file.facts.language
    names = [_plain(each) for each in symbol.parameters]
    if names[:1] and names[0] in _RECEIVERS:
        del names[0]
    if language not in _SPELLED_OUT:
        return Signature(tuple(names))
    variadic = frozenset(_plain(each) for each in symbol.parameters if each.variadic)
    if language == "python":
        by_name = frozenset(each for each in variadic if f"**{each}" in symbol.signature)
        return Signature(tuple(names), variadic, by_name, wrapped=changes_signature(symbol))
    body = file.source[symbol.body_byte : symbol.span.end_byte]
    return Signature(tuple(names), variadic, more=_ARGUMENTS.search(body) is not None)


def changes_signature(symbol: SymbolFact) -> bool:
    """Say whether a decorator may make a function of other parameters or results of it."""
    return not all(_KEPT_DECORATOR.match(each) for each in symbol.decorators)


def named_elsewhere(file: FileView, index: int) -> frozenset[str]:
    """Return what else docs may call a parameter: those of overloads and of functions inside."""
    facts = file.facts
    symbol = facts.symbols[index]
    own = symbol.span
    names = {
        each.name
        for each in facts.definitions
        if each.kind in {"parameter", "type"}
        and own.start_byte <= each.span.start_byte < own.end_byte
        and _stands_for_own(file, symbol, each.span.start_byte)
    }
    for comment in facts.comments:  # a parameter that is left out for now: `(level /* , meta */)`
        if own.start_byte <= comment.span.start_byte < symbol.body_byte:
            names.update(IDENTIFIER.findall(comment.text))
    implements = facts.language in _OVERLOADED and not _declares(symbol)
    for place, other in enumerate(facts.symbols):
        if place == index or other.name != symbol.name or other.container != symbol.container:
            continue
        if not other.doc or (implements and _declares(other)):
            names.update(_plain(each) for each in other.parameters)
    return frozenset(names) - {_plain(each) for each in symbol.parameters}


def _stands_for_own(file: FileView, symbol: SymbolFact, place: int) -> bool:
    """Say whether a parameter is in the header, or of a function that is made to be returned."""
    if place < symbol.body_byte:
        return True
    before = file.source[max(symbol.body_byte, place - _NEAR_BYTES) : place]
    return _RETURNED.search(before) is not None


def _declares(symbol: SymbolFact) -> bool:
    """Say whether a function is one of the signatures of another that does the work."""
    overload = any(each.endswith("overload") for each in symbol.decorators)
    return overload or symbol.body_byte >= symbol.span.end_byte


def around(file: FileView, symbol: SymbolFact) -> frozenset[str]:
    """Return the parameters of the definitions around one: of a record, of an outer function."""
    names: set[str] = set()
    while symbol.parent >= 0:
        symbol = file.facts.symbols[symbol.parent]
        names.update(_plain(each) for each in symbol.parameters)
    return frozenset(names)


def _plain(parameter: Parameter) -> str:
    name = _MARKS.sub("", parameter.name.strip())
    return name if IDENTIFIER.fullmatch(name) else ""
