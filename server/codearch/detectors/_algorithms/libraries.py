"""Calls of what languages bring along, in the words of all: `xs.len()` and `len(xs)` are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms import gathering, literals
from codearch.detectors._algorithms.terms import DONE, NOTHING, Term, do, number
from codearch.detectors._algorithms.words import EACH, MODULES, OPERATING, ROLES, THROUGH

if TYPE_CHECKING:
    from collections.abc import Callable

Given = tuple[Term, ...]  # what it is called on, if that is a value, and the arguments
_EMPTY = "isempty", "empty", "isnullorempty"
_GATHERED = "any", "all", "sum", "min", "max", "len", "count"
_SIZES = frozenset({"length", "count", "size", "len"})
_PI = 3.141592653589793


def plain(name: str) -> str:
    """Return a name as it is looked up: without case and underscores."""
    return name.replace("_", "").lower()


def member(name: str, thing: Term) -> Term:
    """Return a part of a value: sizes, and numbers that libraries name, are what they are."""
    key = plain(name)
    if key in _SIZES and thing != NOTHING:
        return Term("call", "size", (thing,))
    constant = literals.named(name)
    if constant is not None and (thing == NOTHING or _is_module(thing)):
        return constant
    return number(_PI) if key == "pi" else Term("member", name, (thing,))


def called(name: str, receiver: Term, arguments: Given) -> Term:
    """Return a call in the words of all."""
    key = plain(name)
    given = arguments if receiver == NOTHING or _is_module(receiver) else (receiver, *arguments)
    functions = [each for each in arguments if each.word == "function"]
    if functions and key in EACH:
        others = [each for each in given if each != functions[0]]
        collection = others.pop(0) if others else NOTHING
        return gathering.for_each(EACH[key], collection, others, functions[0])
    special = _SPECIAL.get(key)
    found = special(key, given) if special else None
    if found is not None:
        return found
    role = ROLES.get(key)
    if role is None:
        return Term("call", f".{key}", given)
    return _in_role(role, tuple(each for each in given if each.word != "function"))


def _is_module(thing: Term) -> bool:
    """Say whether a receiver is a module or a type whose functions are called."""
    if thing.word == "member":
        return thing.parts[0] == NOTHING or _is_module(thing.parts[0])
    name = str(thing.value)
    return thing.word == "name" and (name in MODULES or name[:1].isupper())


# --- by name --------------------------------------------------------------------------------------


def _range(key: str, given: Given) -> Term | None:
    if not 1 <= len(given) <= 3:
        return None
    first = given[0] if len(given) > 1 else number(0)
    end = given[1] if len(given) > 1 else given[0]
    step = given[2] if len(given) > 2 else number(1)
    return Term("range", "" if key == "range" else "to the end", (first, end, step))


def _gather(key: str, given: Given) -> Term | None:
    return gathering.gathered(key, given[0]) if len(given) == 1 else None


def _operate(key: str, given: Given) -> Term | None:
    return do(OPERATING[key], *given) if len(given) == 2 else None


def _ask_size(_key: str, given: Given) -> Term | None:
    return do("==", Term("call", "size", given[:1]), number(0)) if given else None


def _through(_key: str, given: Given) -> Term:
    return given[0] if given else Term("list")


def _set(_key: str, given: Given) -> Term | None:
    if len(given) != 3:
        return Term("list") if not given else given[0]
    return Term("set", "", (Term("at", "", given[:2]), given[2]))


def _divided(_key: str, given: Given) -> Term | None:
    return Term("list", "", (do("/", *given), do("%", *given))) if len(given) == 2 else None


_SPECIAL: dict[str, Callable[[str, Given], Term | None]] = {
    **dict.fromkeys(THROUGH, _through),
    **dict.fromkeys(_GATHERED, _gather),
    **dict.fromkeys(OPERATING, _operate),
    **dict.fromkeys(_EMPTY, _ask_size),
    **dict.fromkeys(("range", "rangeclosed"), _range),
    "set": _set,
    "divmod": _divided,
    "float64": lambda _key, given: given[0] if given else None,  # Go: a cast, or a random number
    "yield": lambda _key, given: Term("call", "add", given[:1]),
}

# --- by role --------------------------------------------------------------------------------------


def _in_role(role: str, given: Given) -> Term:
    rule = _BY_ROLE.get(role)
    return (rule(given) if rule else None) or Term("call", role, given)


def _bound(role: str) -> Callable[[Given], Term]:
    def bound(given: Given) -> Term:
        inner = given[0].parts if len(given) == 1 and given[0].word == "list" else given
        return Term("call", role, inner)

    return bound


def _store(given: Given) -> Term | None:
    if len(given) < 3:
        return None
    return Term("set", "", (Term("at", "", given[:2]), given[2]))


def _add(given: Given) -> Term:
    if len(given) > 2:
        return Term("call", "add", (Term("list", "", given[1:]),))
    return Term("call", "add", given[1:] or given)


_BY_ROLE: dict[str, Callable[[Given], Term | None]] = {
    "at": lambda given: Term("at", "", given[:2]) if len(given) >= 2 else None,
    "store": _store,
    "least": _bound("least"),
    "most": _bound("most"),
    "part": lambda given: Term("slice", "", (*given, NOTHING, NOTHING)[:3]) if given else None,
    "has": lambda given: do("in", given[1], given[0]) if len(given) == 2 else None,
    "log": lambda _given: DONE,
    "made": lambda _given: Term("list"),
    "numbered": lambda given: Term("call", "numbered", given[:1]),
    "formatted": lambda given: Term(
        "call", "formatted", tuple(each for each in given if each.word != "text")
    ),
    "add": _add,
    "joined": lambda given: Term(
        "call", "joined", tuple(each for each in given if each != Term("text", ""))
    ),
    **dict.fromkeys(
        ("emptied", "closed", "pairs", "values"), lambda given: given[0] if given else None
    ),
}
