"""How far a definition can be seen, by language: what may use it, and what nobody has to name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS

if TYPE_CHECKING:
    from codearch.facts import FileFacts, SymbolFact

Scope = Literal[  # as far as a definition can be used
    "function",
    "file",
    "below",  # the file, and those of the modules inside its own
    "folder",
    "importers",  # the project, where the file is named
    "project",
]


class Case(NamedTuple):
    """A definition, and where it stands."""

    path: str
    facts: FileFacts
    source: bytes
    symbol: SymbolFact
    owner: SymbolFact | None  # the definition that it is a part of
    parent: SymbolFact | None  # the definition around it
    bound: bool  # to a name in a scope
    program: bool  # what it makes public is for its own workspace alone
    imported: bool  # another file imports its file


def in_callable(case: Case) -> bool:
    """Say whether a definition stands in a function."""
    return case.owner is not None and case.owner.kind in CALLABLE_KINDS


def in_type(case: Case) -> bool:
    """Say whether a definition is a type's member."""
    return case.owner is not None and case.owner.kind in TYPE_KINDS


def _says(case: Case, word: str) -> bool:
    return re.search(rf"(?<![\w.]){word}(?!\w)", _header(case)) is not None


def _header(case: Case) -> str:
    """Return what stands before a definition's name."""
    symbol = case.symbol
    return case.source[symbol.span.start_byte : symbol.name_span.start_byte].decode(
        "utf-8", "replace"
    )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


# --- Python ---------------------------------------------------------------------------------------

_STUB = re.compile(
    r"\s*(?:(?:[rRuUbB]{0,2}(?:\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|\"[^\"\n]*\"|'[^'\n]*'))\s*)?"
    r"(?:\.\.\.|pass|raise NotImplementedError\b.*|return NotImplemented|)\s*"
)


def python(case: Case) -> Scope | None:
    """Say how far a definition in Python can be used."""
    symbol = case.symbol
    if in_callable(case):
        return "function" if case.bound else None
    if symbol.name in case.facts.exports:
        return None
    if not symbol.name.startswith("_"):
        return _of_program(case)
    if in_type(case) and _STUB.fullmatch(_body(case)):
        return None  # for others to write
    if "DeprecationWarning" in _body(case):
        return None  # kept for a while on purpose
    return "project" if in_type(case) else "importers"


def _of_program(case: Case) -> Scope | None:
    """Say how far a public definition can be used: of a library from anywhere."""
    handed = in_type(case) or bool(case.symbol.bases) or not case.imported
    return "importers" if case.program and not handed else None


def _body(case: Case) -> str:
    symbol = case.symbol
    return case.source[symbol.body_byte : symbol.span.end_byte].decode("utf-8", "replace")


# --- JavaScript and TypeScript --------------------------------------------------------------------


_AUGMENTS = re.compile(rb"\bdeclare\s+(?:global|module|namespace)\b")


def script(case: Case) -> Scope | None:
    """Say how far a definition in JavaScript or TypeScript can be used."""
    symbol, name = case.symbol, case.symbol.name
    if in_type(case):
        if name.startswith("#"):
            return "file"
        return "project" if _says(case, "private") else None
    if not case.bound or _declares(case):
        return None
    if in_callable(case):
        return "function"
    if symbol.exported or name in case.facts.exports:
        return _of_program(case) if name in case.facts.exports else None
    module = bool(case.facts.imports or case.facts.exports)  # else its names are the page's
    return "file" if module and case.owner is None else None


def _declares(case: Case) -> bool:
    """Say whether a definition may only describe, or add to, what is written elsewhere."""
    adds = case.symbol.kind in TYPE_KINDS and _AUGMENTS.search(case.source) is not None
    return adds or case.path.endswith(".d.ts")


# --- Java -----------------------------------------------------------------------------------------


def java(case: Case) -> Scope | None:
    """Say how far a definition in Java can be used."""
    symbol = case.symbol
    if not in_type(case) or case.owner is None:
        return None
    if symbol.name == case.owner.name or _says(case, "native"):
        return None  # who makes a constructor private wants it not to be used
    if _says(case, "private"):
        return "file"
    inside = case.owner.kind in {"class", "record"} and case.bound
    shown = any(_says(case, word) for word in ("public", "protected", "abstract"))
    return "project" if inside and not shown and symbol.kind == "method" else None


# --- C# -------------------------------------------------------------------------------------------


def csharp(case: Case) -> Scope | None:
    """Say how far a definition in C# can be used."""
    symbol = case.symbol
    if in_callable(case):
        return "function" if case.bound else None
    if not in_type(case) or case.owner is None or symbol.exported or not case.bound:
        return None
    if symbol.name in {case.owner.name, "Main"} or case.owner.kind == "interface":
        return None
    if any(_says(case, word) for word in ("partial", "extern", "override", "internal", "public")):
        return None
    return "project" if re.search(r"\bpartial\b", case.owner.signature) else "file"


# --- Go -------------------------------------------------------------------------------------------


def go(case: Case) -> Scope | None:
    """Say how far a definition in Go can be used."""
    symbol = case.symbol
    asked = case.owner is not None and case.owner.kind == "interface"
    elsewhere = symbol.body_byte >= symbol.span.end_byte and symbol.kind in CALLABLE_KINDS
    field = symbol.kind == "function" and not case.bound
    if asked or elsewhere or field or in_callable(case):
        return None  # of a type; in another language; of what is made there; seen by the compiler
    if not symbol.name[:1].isupper() or case.facts.package == "main":
        return None if symbol.name[:1].isupper() and symbol.kind == "method" else "folder"
    internal = "internal" in case.path.split("/")[:-1] and symbol.kind != "method"
    return "project" if internal else None


# --- Rust -----------------------------------------------------------------------------------------

_ALLOWED = re.compile(rb"#!\[\s*allow\([^)]*\b(?:dead_code|unused)\b")


def _marked(case: Case) -> bool:
    """Say whether an attribute stands before a definition, with a comment between them."""
    before = case.source[: case.symbol.lead_byte].rstrip().rpartition(b"\n")[2].strip()
    return before.startswith(b"#[")


def rust(case: Case) -> Scope | None:
    """Say how far a definition in Rust can be used."""
    if any(each is not None and each.kind == "trait" for each in (case.owner, case.parent)):
        return None
    if case.parent is not None and case.parent.kind == "impl" and case.parent.bases:
        return None  # what a trait asks for
    if _ALLOWED.search(case.source) or _marked(case):
        return None
    if _says(case, "extern") or (_says(case, r"pub(?!\s*\()") and not case.program):
        return None
    far = _says(case, "pub") or re.search(rb"#\[path\b|\binclude!", case.source)
    return "project" if far else "below"


# --- C and C++ ------------------------------------------------------------------------------------

_CONDITION = re.compile(
    rb"^[ \t]*#[ \t]*(?:(?P<begin>if(?:n?def)?\b(?P<zero>[ \t]+(?:0|FALSE|false)\b)?)"
    rb"|(?P<other>el(?:se|if))|(?P<end>endif))",
    re.MULTILINE,
)
SOURCES = re.compile(r".*\.(?:c|cc|cpp|cxx|c\+\+|m|mm)")
_WORD = re.compile(r"[A-Za-z_]\w*")  # no operator, no destructor
_MARKED = re.compile(r"__attribute__|\[\[|\b__\w+\b|UNUSED|\b[A-Z][A-Z0-9_]{3,}\b")


def _off(case: Case) -> bool:
    """Say whether a definition stands in `#if 0`: somebody took it out, and left it to see."""
    depth = 0
    off_at = 0
    for match in _CONDITION.finditer(case.source, 0, case.symbol.span.start_byte):
        if match["end"]:
            depth -= 1
        elif match["begin"]:
            depth += 1
            if match["zero"] and not off_at:
                off_at = depth
                continue
        if off_at and (depth < off_at or (depth == off_at and match["other"])):
            off_at = 0
    return off_at > 0


def c(case: Case) -> Scope | None:
    """Say how far a definition in C can be used."""
    symbol = case.symbol
    if symbol.kind != "function" or symbol.exported or not SOURCES.fullmatch(case.path.lower()):
        return None
    return None if _MARKED.search(_header(case)) or _off(case) else "file"


def cpp(case: Case) -> Scope | None:
    """Say how far a definition in C++ can be used."""
    symbol = case.symbol
    if not _WORD.fullmatch(symbol.name) or symbol.exported or _MARKED.search(symbol.signature):
        return None
    if in_type(case) and case.owner is not None:
        special = symbol.kind != "method" or symbol.name == case.owner.name
        return None if special or _bound_late(case) else "project"
    if in_callable(case) or not SOURCES.fullmatch(case.path.lower()) or _off(case):
        return None
    return "file"


def _bound_late(case: Case) -> bool:
    """Say whether a method may be called as another's, or stands to say that there is none."""
    after = re.search(r"\b(?:override|final)\b|=\s*(?:0|delete|default)", case.symbol.signature)
    return after is not None or _says(case, "virtual") or _says(case, "friend")
