"""Values from outside become typed ones, or a sentence that names the field and what it must be."""

from __future__ import annotations

import difflib
import json
import re
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import inspect

from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

_SHOWN_CHARACTERS = 40
_learning = threading.Lock()
_learnt: set[object] = set()
_FIELD = re.compile(r" - at `(?:key in )?\$\.?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"Object (?P<what>missing required|contains unknown) field `(?P<name>[^`]+)`")


def learnt(kind: type[T]) -> type[T]:
    """Return a kind that msgspec may read on several threads at once.

    It learns what a class consists of when it first meets it. Another thread that meets the class
    meanwhile reads what is not there yet, which ends the process.
    """
    if kind not in _learnt:
        with _learning:
            msgspec.json.Decoder(kind)
            _learnt.add(kind)
    return kind


def checked(value: object, kind: type[T], *, from_text: bool = False) -> T:
    """Return `value` as a `kind`; raise UsageError with the first `field` that does not fit.

    `from_text` takes numbers and booleans that are written as text, as an environment holds them.
    """
    _refuse_broken_text(value)
    try:
        return msgspec.convert(value, learnt(kind), strict=not from_text)
    except msgspec.ValidationError as error:
        field, message = _explained(str(error), value, inspect.type_info(kind))
        raise UsageError(message, field=field) from None


def _refuse_broken_text(value: object, path: str = "") -> None:
    """Raise UsageError for a text with half a surrogate pair: it can be neither sent nor stored."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            shown_text = ascii(value)[:_SHOWN_CHARACTERS]
            message = f"`{path}` must be Unicode text, not {shown_text}."
            raise UsageError(message, field=path) from None
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_broken_text(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            _refuse_broken_text(inner, f"{path}[{index}]")


def unwrapped(kind: inspect.Type) -> inspect.Type:
    """Return the type inside annotations such as a description."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    return kind


def expected(kind: inspect.Type) -> str:
    """Say in words what a value of a type looks like: "a whole number from 1 to 100"."""
    kind = unwrapped(kind)
    match kind:
        case inspect.UnionType(types=types):
            return " or ".join(expected(one) for one in types)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return f"a list, each {expected(item)}"
        case inspect.DictType(value_type=item):
            return f"an object, each value {expected(item)}"
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(str, values))}" if len(values) > 1 else f'"{values[0]}"'
    return _expected_scalar(kind)


def _expected_scalar(kind: inspect.Type) -> str:
    match kind:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "a whole number" + _bounds(kind)
        case inspect.FloatType():
            return "a number" + _bounds(kind)
        case inspect.StrType(min_length=shortest):
            return "a text that is not empty" if shortest else "a text"
        case inspect.NoneType():
            return "null"
    return "an object"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a misspelt one most likely means, None where none is near."""
    plain = {one.replace("-", "").replace("_", "").lower(): one for one in known}
    key = name.replace("-", "").replace("_", "").lower()
    found = difflib.get_close_matches(key, plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the nearest known name, or nothing."""
    match = nearest(name, known)
    return f' Did you mean "{match}"?' if match else ""


def shown(value: object) -> str:
    """Return a value as JSON, cut to fit into a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _explained(message: str, value: object, kind: inspect.Type) -> tuple[str, str]:
    """Return the field and the sentence for one of msgspec's messages."""
    match = _FIELD.search(message)
    path = match["path"] if match else ""
    named = _NAMED.match(message)
    if named:
        field = f"{path}.{named['name']}".lstrip(".")
        if named["what"] == "missing required":
            return field, f"`{field}` is missing: it must be {expected(_at(kind, field))}."
        owner = _at(kind, path)
        known = [one.encode_name for one in getattr(owner, "fields", ())]
        return field, f"`{field}` is not known here.{did_you_mean(named['name'], known)}"
    if not path:
        return "", f"The argument must be {expected(kind)}, not {shown(value)}."
    return (
        path,
        f"`{path}` must be {expected(_at(kind, path))}, not {shown(_value_at(value, path))}.",
    )


def _steps(path: str) -> list[str]:
    return re.findall(r"[^.\[\]]+|\[\d+\]|\[\.\.\.\]", path)


def _at(kind: inspect.Type, path: str) -> inspect.Type:
    """Return the type at a path such as `highlights[0].line`, or the last one known on the way."""
    kind = unwrapped(kind)
    for step in _steps(path):
        if isinstance(kind, inspect.UnionType):
            kind = next((one for one in kind.types if not isinstance(one, inspect.NoneType)), kind)
        match kind:
            case inspect.StructType(fields=fields):
                kind = next((one.type for one in fields if one.encode_name == step), kind)
            case inspect.DictType(value_type=item):
                kind = item
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
                kind = item
        kind = unwrapped(kind)
    return kind


def _value_at(value: Any, path: str) -> object:
    for step in _steps(path):
        if step.startswith("["):
            index = step[1:-1]
            if not (isinstance(value, list) and index.isdigit()):
                return value
            value = value[int(index)]
        elif isinstance(value, dict):
            value = value.get(step)
    return value


def _bounds(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {kind.ge} to {kind.le}"
    if kind.ge is not None:
        return f" of at least {kind.ge}"
    if kind.le is not None:
        return f" of at most {kind.le}"
    return ""
