"""Definitions: from a node and its `Define` to a symbol with name, header, doc and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from codearch.facts import (
    CALLABLE_KINDS,
    TYPE_KINDS,
    CommentKind,
    DefinitionKind,
    Parameter,
    Span,
    SymbolKind,
)
from codearch.languages._language import RESULT_OF, Define, Finder, Header, Language, Param
from codearch.parse.complexity import Count

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.parse.places import Places

MAX_DEPTH = 60  # definitions nested deeper are part of the one around: no names a mile long
MAX_SIGNATURE = 400  # characters
MAX_NAME = 200
OWNERS: frozenset[SymbolKind] = TYPE_KINDS | {"impl"}
_OPENED = re.compile(r"([(\[]) ")
_CLOSED = re.compile(r",? ([)\]])")
_TRAILING = re.compile(r"\s*(?:=>|->|[{:;=,\\])$")
_BOUND_AS: dict[SymbolKind, DefinitionKind] = {
    "function": "function",
    "method": "function",
    "macro": "function",
    "type": "type",
}


@dataclass(slots=True)
class CommentDraft:
    """A comment on its way; `symbol` is the definition it documents or stands in."""

    text: str
    span: Span
    kind: CommentKind
    symbol: int


class HasType(Protocol):
    """Something on its way that has a type as written."""

    type: str


@dataclass(slots=True)
class Draft:
    """A symbol under construction."""

    define: Define
    name: str
    kind: SymbolKind
    container: str
    owner: str  # the container that the definition itself names
    index: int  # among the file's symbols; 0 is the file's own, -1 only lends its name
    nearest: int  # its own index, or that of the symbol around
    parent: int  # -1 at top level
    node: Node
    inner: Node  # where parameters and body are
    name_node: Node
    start: int
    end: int
    lead: int
    body: Node | None
    header: Header
    header_comments: int  # comments seen before it
    parameters: list[tuple[Parameter, Node | None]] = field(default_factory=list)
    returns: str = ""
    result: str = ""  # what it first returns
    result_scope: int = 0
    doc_comments: list[int] = field(default_factory=list)
    scope: int = -1  # that it opens
    count: Count | None = None

    @property
    def body_start(self) -> int:
        """Return the byte where the body begins, the end where there is none."""
        return self.body.start_byte if self.body is not None else self.end

    @property
    def is_callable(self) -> bool:
        """Say whether it can be called: functions, methods and macros."""
        return self.kind in CALLABLE_KINDS


def find(node: Node, finder: Finder) -> Node | None:
    """Return the node that a finder names: the node itself for "", a field's, or a function's."""
    if not isinstance(finder, str):
        return finder(node)
    return node.child_by_field_name(finder) if finder else node


def name_of(text: str) -> str:
    """Return a symbol's name from its source: quotes removed, one line, not too long."""
    quote = text[:1]
    if quote in {'"', "'", "`"} and len(text) > 1:
        text = text[1:].removesuffix(quote)
    return one_line(text)[:MAX_NAME]


def bound_as(draft: Draft) -> DefinitionKind | None:
    """Return the kind of definition that a symbol's name is in its scope, None for none."""
    binds = draft.define.binds
    if binds is None:
        return None
    return _BOUND_AS.get(draft.kind, "class") if binds == "auto" else binds  # type: ignore[return-value]


def kind_of(define: Define, owner: str, parent: Draft | None) -> SymbolKind:
    """Return the symbol's kind: a function that belongs to a type is a method."""
    kind = define.kind or "namespace"
    if kind == "function" and (owner or (parent is not None and parent.kind in OWNERS)):
        return "method"
    return kind


def header_start(node: Node, language: Language) -> int:
    """Return the byte where a definition begins, its decorators and comments passed over."""
    apart = language.decorators | language.comments
    if not apart and not language.modifiers:
        return node.start_byte
    for child in node.children[:40]:
        if child.type in apart:
            continue
        if child.type in language.modifiers and child.child_count:
            inside = [part for part in child.children if part.type not in apart]
            if not inside:
                continue
            return inside[0].start_byte
        return child.start_byte
    return node.start_byte


def decorators_inside(node: Node, language: Language, places: Places) -> list[str]:
    """Return the decorators and annotations that stand within a definition's header."""
    found = []
    if language.modifiers or language.decorators:
        for child in node.children[:40]:
            if child.type in language.decorators:
                found.append(places.text(child))
            elif child.type in language.modifiers:
                found += [
                    places.text(part) for part in child.children if part.type in language.decorators
                ]
    return found


def parameters_of(
    node: Node | None, language: Language, places: Places
) -> list[tuple[Parameter, Node | None]]:
    """Return the parameters of a list of them (or of a bare one), each with its name's node."""
    if node is None:
        return []
    listed = [node] if node.type in language.parameters else node.named_children
    found = []
    for child in listed:
        parts = language.parameters.get(child.type)
        if parts is None:
            continue
        type_node = find(child, parts.type) if parts.type else None
        written = places.text(type_node) if type_node is not None else ""
        if parts.spelled is not None:
            written = parts.spelled(child)
        default = find(child, parts.default) if parts.default else None
        for name in _names_of(child, parts):
            made = Parameter(
                one_line(places.text(name))[:MAX_NAME] if name is not None else "",
                one_line(written).removeprefix(":").strip(),
                one_line(places.text(default)) if default else "",
                parts.variadic or _is_variadic(child, language),
            )
            found.append((made, name))
    return found


def _names_of(parameter: Node, parts: Param) -> Sequence[Node | None]:
    if parts.several and isinstance(parts.name, str):
        names = parameter.children_by_field_name(parts.name)
        return [name for name in names if name.is_named] or [None]
    return [find(parameter, parts.name)]


def _is_variadic(parameter: Node, language: Language) -> bool:
    return bool(language.variadics) and any(
        node.type in language.variadics for node in (parameter, *parameter.children[:2])
    )


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank, and none inside brackets' ends."""
    line = " ".join(text.split())
    return _OPENED.sub(r"\1", _CLOSED.sub(r"\1", line)) if "( " in line or " )" in line else line


def signature(draft: Draft, places: Places, comments: list[CommentDraft]) -> str:
    """Return a definition's header in one line, without its body and comments."""
    of_call = draft.define.test and draft.inner.id != draft.node.id  # `it("does", () => ...)`
    end = draft.inner.start_byte if of_call else draft.body_start
    pieces = []
    at = draft.start
    for comment in comments[draft.header_comments :]:
        if comment.span.start_byte >= end:
            break
        if comment.span.start_byte >= at:
            pieces.append(places.source[at : comment.span.start_byte])
            at = comment.span.end_byte
    pieces.append(places.source[at : min(end, at + 4 * MAX_SIGNATURE)])
    line = one_line(b" ".join(pieces).decode(errors="replace"))
    while (shorter := _TRAILING.sub("", line)) != line:
        line = shorter
    line += ")" * (line.count("(") - line.count(")"))
    return line if len(line) <= MAX_SIGNATURE else line[: MAX_SIGNATURE - 1] + "…"


def bases_of(
    draft_node: Node, define: Define, language: Language, places: Places
) -> tuple[str, ...]:
    """Return what a type inherits from or implements, as written."""
    if not define.bases:
        return ()
    if not isinstance(define.bases, str):
        return tuple(one_line(base) for base in define.bases(draft_node))
    listed = draft_node.child_by_field_name(define.bases)
    passed_over = language.not_bases | language.comments
    return tuple(
        one_line(places.text(base))
        for base in (listed.named_children if listed is not None else ())
        if base.type not in passed_over
    )


def settle_results(drafts: list[Draft], typed: Sequence[HasType], language: Language) -> None:
    """Give what has the type of a call's result the type that the called function declares here."""
    waiting = [each for each in typed if each.type.startswith(RESULT_OF)]
    if not waiting:
        return
    results = {draft.name: draft.name for draft in drafts if draft.kind in TYPE_KINDS}
    results |= {
        draft.name: draft.returns for draft in drafts if draft.is_callable and draft.returns
    }
    for each in waiting:
        result = results.get(each.type.removeprefix(RESULT_OF), "")
        each.type = language.first_result(result) if language.first_result else result
