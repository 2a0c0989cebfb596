"""Private constants: names that a file binds once, to a literal, and that are no symbols."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.scopes import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codearch.detectors._unused.layout import Layout
    from codearch.detectors._unused.scopes import Scope
    from codearch.facts import Definition, FileFacts


class Constant(NamedTuple):
    """A constant, and as far as it can be used."""

    definition: Definition
    scope: Scope


def private_constants(path: str, layout: Layout) -> list[Constant]:
    """Return what a file binds once so that only itself, or its package, can name it.

    Those that stand in a list of their like are told by the list: it is as long as what it counts.
    """
    language = layout.facts.language
    form = _FORMS.get(language)
    if RULES[language].constants:
        once = list(_once(each for each in layout.facts.definitions if each.scope == 0))
        found = [Constant(each, "importers") for each in once if _is_private(layout, each)]
    elif form is not None and _is_looked_at(path, layout, form):
        once = [each for each in _once(layout.facts.definitions) if each.symbol < 0]
        found = [Constant(each, form.scope) for each in once if _is_of(layout.code, each, form)]
        once = [each.definition for each in found]
    else:
        return []
    listed = set(_listed([each.name for each in once]))
    return [each for each in found if each.definition.name not in listed]


def _once(definitions: Iterable[Definition]) -> Iterator[Definition]:
    """Yield what has a name that nothing else has, in the order of the file."""
    by_name: dict[str, list[Definition]] = {}
    for each in definitions:
        by_name.setdefault(each.name, []).append(each)
    alone = (each[0] for each in by_name.values() if len(each) == 1)
    yield from sorted(alone, key=lambda each: each.span.start_byte)


def _listed(names: list[str]) -> Iterator[str]:
    """Yield the names beside which one stands that begins with the same word, such as `_DAY_`."""
    for one, other in pairwise(names):
        word = _first_word(one)
        if word and word == _first_word(other):
            yield from (one, other)


_CAMEL = re.compile(r"[A-Za-z][a-z]+(?=[A-Z])")


def _first_word(name: str) -> str:
    """Return the word with which a name of several begins, "" for one of a single word."""
    bare = name.strip("_")
    if "_" in bare:
        return bare.partition("_")[0]
    word = _CAMEL.match(bare)
    return word.group() if word else ""


# --- Python: an underscore says it ----------------------------------------------------------------

_NAMED_SO = re.compile(r"_+[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_BOUND = re.compile(rb"[ \t]*(?::[^=\n]*)?=(?!=)[ \t]*")
_LITERAL = re.compile(rb"[-+]?[\d.]|[rbfuRBFU]{0,2}[\"\']|[(\[{]|(?:True|False|None)\b")


def _is_private(layout: Layout, each: Definition) -> bool:
    name, facts = each.name, layout.facts
    if not name.startswith("_") or name in facts.exports:
        return False
    if RULES[facts.language].given.fullmatch(name):
        return False
    at = each.span.start_byte
    bound = _BOUND.match(layout.code, at + len(name.encode()))
    if bound is None or (at and layout.code[at - 1 : at] != b"\n"):
        return False
    return bool(_NAMED_SO.fullmatch(name) or _LITERAL.match(layout.code, bound.end()))


# --- other languages: the words before the name say it --------------------------------------------


class _Form(NamedTuple):
    """How a language writes a constant that only its own file, or package, can name."""

    before: re.Pattern[bytes]  # from the line's start up to the name
    scope: Scope
    kept: re.Pattern[str] = re.compile(r"_\w*")  # names that mean something to somebody else
    barred: re.Pattern[bytes] | None = None  # what in a file says that others may name it
    modules: bool = False  # only what imports or exports keeps its names to itself


_TYPE = r"[A-Za-z_][\w.:]*(?:<[\w.:<>, ?]*>)?(?:\[\]|\s*[*&])*"
_EMBEDDED = re.compile(  # that are there to be seen in what is compiled
    r"_\w*|(?i:\w*(?:rcs|sccs|cvs)_?id\w*|id|ident|what|\w*(?:copyright|version|licen[cs]e)\w*)"
)
_IN_C = _Form(
    re.compile(rf"static\s(?=.*\bconst)(?:const(?:expr)?\s+|inline\s+)*{_TYPE}[\w\s*]*".encode()),
    "file",
    kept=_EMBEDDED,
)
_IN_SCRIPTS = _Form(re.compile(rb"const\s+"), "file", modules=True)
_FORMS: Mapping[str, _Form] = {
    "javascript": _IN_SCRIPTS,
    "typescript": _IN_SCRIPTS,
    "java": _Form(
        re.compile(
            rf"\s+(?=.*\bprivate\b)(?=.*\bstatic\b)(?=.*\bfinal\b)(?:\w+\s+){{3}}{_TYPE}\s+".encode()
        ),
        "file",
        kept=re.compile(r"_\w*|serial\w+"),
    ),
    "csharp": _Form(
        re.compile(rf"\s+(?:private\s+)?(?:new\s+)?const\s+{_TYPE}\s+".encode()),
        "file",
        barred=re.compile(rb"\bpartial\b"),
    ),
    "go": _Form(re.compile(rb"const\s+"), "folder", kept=re.compile(r"_\w*|[^\W\d_a-z]\w*")),
    "rust": _Form(re.compile(rb"(?:const|static)\s+"), "below", barred=re.compile(rb"#!\[")),
    "c": _IN_C,
    "cpp": _IN_C,
}
# A number, a text or a word that stands for itself, and nothing else: making it does nothing.
_PLAIN = re.compile(
    rb"""(?:\s*\[[^]\n]*\])*\s*(?::[^=\n]*|[\w.]+\s*)?=\s*"""
    rb"""(?:[-+]?\.?\d[\w.]*|[\w$@]{0,2}"(?:[^"\\\n]|\\.)*"|[Lub]?'(?:[^'\\\n]|\\.)*'|`[^`$]*`"""
    rb"""|true|false|null|NULL|nullptr)[ \t]*(?:;|\r?$)""",
    re.MULTILINE,
)


def _is_looked_at(path: str, layout: Layout, form: _Form) -> bool:
    facts: FileFacts = layout.facts
    if form is _IN_C:
        return SOURCES.fullmatch(path.lower()) is not None
    if form.modules and not (facts.imports or facts.exports):
        return False  # its names are the page's
    return form.barred is None or form.barred.search(layout.code) is None


def _is_of(code: bytes, each: Definition, form: _Form) -> bool:
    """Say whether a definition is written so, on one line, and no attribute or annotation above."""
    at = each.span.start_byte
    start = code.rfind(b"\n", 0, at) + 1
    if (
        each.imported >= 0
        or form.kept.fullmatch(each.name)
        or not form.before.fullmatch(code, start, at)
    ):
        return False
    above = code[:start].rstrip().rpartition(b"\n")[2].strip()
    return not above.startswith((b"@", b"[", b"#[")) and bool(
        _PLAIN.match(code, each.span.end_byte)
    )
