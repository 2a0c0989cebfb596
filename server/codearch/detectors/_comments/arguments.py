"""Comments that name an argument otherwise than the function that takes it: `f(/*width=*/ 3)`."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.closing import shortened
from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import CallFact, Comment, SymbolFact

LANGUAGES = frozenset({"java", "javascript", "typescript", "c", "cpp", "csharp", "rust", "go"})
_NAMED = re.compile(r"/\*\s*(?P<name>[A-Za-z_$][\w$]*)\s*(?P<sign>[=:])\s*\*/")
_FARTHEST = 2000  # bytes of a call around an argument
_OWN = frozenset({"", "this", "self", "super"})


class Argument(NamedTuple):
    """A comment, the name that it gives, and the parameter that stands there."""

    comment: Comment
    said: str
    parameter: str
    function: SymbolFact


def misnamed_arguments(file: FileView) -> Iterator[Argument]:
    """Yield the comments that give an argument of a function of this file another name."""
    found = [
        (comment, match)
        for comment in file.facts.comments
        if comment.text.startswith("/*") and (match := _NAMED.fullmatch(comment.text))
    ]
    if not found:
        return
    defined: dict[str, list[SymbolFact]] = defaultdict(list)
    for symbol in file.facts.symbols:
        if symbol.kind in CALLABLE_KINDS:
            defined[symbol.name].append(symbol)
    calls = {each.span.end_byte: each for each in file.facts.calls}
    for comment, match in found:
        place = _place(file, comment, calls)
        if place is None:
            continue
        call, index = place
        functions = defined.get(call.name, [])
        if len(functions) != 1 or call.receiver not in _OWN or call.kind not in {"call", "new"}:
            continue
        function = functions[0]
        names = [each.name.lstrip("_*&") for each in function.parameters]
        if names[:1] == ["self"]:
            names = names[1:]
        if _commas(file, comment) + index >= len(names) or _within(file, call, function):
            continue
        if index >= len(names) or any(each.variadic for each in function.parameters):
            continue
        own, said = names[index], match["name"].strip("_")
        if own and said and not shortened(own, said):
            yield Argument(comment, match["name"], own, function)


def _commas(file: FileView, comment: Comment) -> int:
    """Return how many arguments stand behind the one that a comment names."""
    skipped = {each.span.start_byte: each.span.end_byte for each in file.facts.comments}
    source = file.source
    depth = commas = 0
    at = comment.span.end_byte
    most = min(len(source), at + _FARTHEST)
    while at < most and depth >= 0:
        if at in skipped:
            at = skipped[at]
            continue
        sign = source[at : at + 1]
        depth += (sign in b"([{") - (sign in b")]}")
        commas += sign == b"," and depth == 0
        at += 1
    return commas


def _within(file: FileView, call: CallFact, function: SymbolFact) -> bool:
    """Say whether a call of a function stands in one of that name: it may be another's."""
    return file.facts.symbols[call.caller].name == function.name


def _place(
    file: FileView, comment: Comment, calls: dict[int, CallFact]
) -> tuple[CallFact, int] | None:
    """Return the call whose argument stands behind a comment, and which of them it is."""
    source = file.source
    depth = index = 0
    at = comment.span.start_byte - 1
    least = max(0, at - _FARTHEST)
    inside = {each.span.end_byte - 1: each.span.start_byte for each in file.facts.comments}
    while at >= least:
        if at in inside:
            at = inside[at] - 1
            continue
        sign = source[at : at + 1]
        if sign in b")]}":
            depth += 1
        elif sign in b"([{":
            if depth == 0:
                break
            depth -= 1
        elif sign in b"\"'`;":
            return None
        elif sign == b"," and depth == 0:
            index += 1
        at -= 1
    if at < least or source[at : at + 1] != b"(":
        return None
    call = calls.get(len(source[:at].rstrip()))
    if call is None or source[: call.span.start_byte].rstrip().endswith(b"::"):
        return None
    return call, index
