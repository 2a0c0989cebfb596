"""What a Python class is made with, as its docstring may name it: parameters, or fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._docs.place import docstring_text
from codearch.detectors._docs.signature import Signature, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import SymbolFact

_MAKERS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s"})
_MODELS = frozenset({"NamedTuple", "BaseModel", "Struct"})
_LIBRARIES = frozenset({"dataclasses", "attr", "attrs", "pydantic", "msgspec", "typing"})
_NEUTRAL = frozenset({"object", "ABC", "Generic", "Protocol"})
_OPEN = re.compile(r"\ballow\b|\binit\s*=\s*False|\*\*\w|\b(?:create_model|make_class|alias\w*)\b")
_HEAD = re.compile(r"@?(?:\w+\.)*(?P<name>\w+)")
_WORD = re.compile(r"[^\W\d]\w*")
_DEPTH = 8  # of classes that inherit from each other


class Made(NamedTuple):
    """How a class is made; `words` are all that its code names, which its docs may speak of.

    `open`: bases that nobody knows here may bring what its docs describe.
    """

    own: Signature
    words: frozenset[str]
    code: str
    open: bool = False


def made(file: FileView, place: int) -> Made | None:
    """Return what a class is made with, None where this file does not show it."""
    symbol = file.facts.symbols[place]
    code = _code(file, symbol)
    if "metaclass" in symbol.signature or code is None:
        return None
    methods = [each for each in file.facts.symbols if each.parent == place]
    if any(each.name == "__new__" for each in methods):
        return None
    words = frozenset(_WORD.findall(code))
    inits = [each for each in methods if each.name == "__init__"]
    if inits:
        if len(inits) > 1 or symbol.decorators:
            return None
        own = signature(file, inits[0])
        return Made(own, words, code, open=not _only_known(file, symbol))
    fields = _fields(file, place, _DEPTH)
    if fields is None:
        return None
    return Made(Signature(tuple(dict.fromkeys(fields))), words, code)


def _code(file: FileView, symbol: SymbolFact) -> str | None:
    """Return a class without its docstring."""
    doc = docstring_text(file, symbol)
    if doc is None:
        return None
    start = file.source[symbol.span.start_byte : doc.start_byte]
    end = file.source[doc.byte(len(doc.text)) : symbol.span.end_byte]
    decorators = " ".join(symbol.decorators).encode()
    return (decorators + b" " + start + end).decode("utf-8", "replace")


def _fields(file: FileView, place: int, depth: int) -> list[str] | None:
    """Return the fields that a class of data is made with, its bases' first; None if unsure."""
    symbol = file.facts.symbols[place]
    text = file.text(symbol.span)
    if depth == 0 or _OPEN.search(" ".join((*symbol.decorators, symbol.signature, text))):
        return None
    if any(each.parent == place and each.name == "__init__" for each in file.facts.symbols):
        return None
    names: list[str] = []
    of_data = [_of_library(file, each, _MAKERS) for each in symbol.decorators]
    if not all(of_data):
        return None
    is_data, attrs = bool(of_data), any("dataclass" not in each for each in symbol.decorators)
    for base in symbol.bases:
        if _of_library(file, base, _MODELS):
            is_data = True
        elif not _is_neutral(base):
            inner = _class_named(file, base)
            inherited = None if inner is None else _fields(file, inner, depth - 1)
            if inherited is None:
                return None
            names += inherited
            is_data = True
    if not is_data:
        return None
    own = _declared(file, place)
    return [*names, *((each.lstrip("_") for each in own) if attrs else own)]


def _declared(file: FileView, place: int) -> Iterator[str]:
    facts = file.facts
    for each in facts.definitions:
        if each.kind in {"variable", "field", "constant"} and "ClassVar" not in each.type:
            scope = facts.scopes[each.scope]
            if scope.symbol == place and (each.type or not each.name.isupper()):
                yield each.name


def _only_known(file: FileView, symbol: SymbolFact, depth: int = _DEPTH) -> bool:
    """Say whether all that a class inherits from stands in this file."""
    for base in symbol.bases:
        if _is_neutral(base):
            continue
        inner = _class_named(file, base)
        if inner is None or depth == 0:
            return False
        if not _only_known(file, file.facts.symbols[inner], depth - 1):
            return False
    return True


def _is_neutral(base: str) -> bool:
    head = _HEAD.match(base)
    return head is not None and head["name"] in _NEUTRAL


def _class_named(file: FileView, base: str) -> int | None:
    found = [
        index
        for index, each in enumerate(file.facts.symbols)
        if each.kind == "class" and each.name == base.partition("[")[0]
    ]
    return found[0] if len(found) == 1 else None


def _of_library(file: FileView, written: str, names: frozenset[str]) -> bool:
    """Say whether a decorator or a base is one of those of the libraries that make fields."""
    head = _HEAD.match(written)
    if head is None or head["name"] not in names:
        return False
    root = head.group().lstrip("@").partition(".")[0]
    return any(
        each.module.partition(".")[0] in _LIBRARIES
        for each in file.facts.imports
        if not each.level
        and (
            any(root == (name.alias or name.name) for name in each.names)
            or each.module.partition(".")[0] == root
        )
    )
