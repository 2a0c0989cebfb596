"""The end of a pass: drafts become facts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as replace_fields

from codearch.facts import CALLABLE_KINDS, Comment, FileFacts, Metrics, Span, SymbolFact
from codearch.parse import calls, comments, opening, symbols
from codearch.parse.places import CodeLines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from codearch.facts import Import, Use
    from codearch.parse.symbols import Draft
    from codearch.parse.walk import Walk

_HEAD = re.compile(r"[^\W\d]\w*")


def facts(walk: Walk) -> FileFacts:
    """Return what a finished walk has found."""
    places = walk.places
    if not places.source.strip():
        return FileFacts(walk.language.name, lines=places.line_count())
    docstrings = [_docstring(walk, draft.body) for draft in walk.drafts]
    module_docstring = _docstring(walk, walk.root)
    not_code = [comment.span for comment in walk.comments]
    not_code += [places.span(node) for node in (module_docstring, *docstrings) if node is not None]
    code = CodeLines(places.source, not_code)
    said = _doc(walk, module_docstring, walk.inner_docs.get(0, []))
    module = _module(places.whole(), said if said.text else Doc(_first_words(walk), remarked=True))
    listed = [module]
    _mark_test_containers(walk.drafts)
    symbols.settle_results(
        walk.drafts,
        [*walk.names.bound, *(each for each in walk.calls if not isinstance(each, tuple))],
        walk.language,
    )
    for draft, docstring in zip(walk.drafts, docstrings, strict=True):
        _own_comments(walk, draft)
        documenting = [*draft.doc_comments, *walk.inner_docs.get(draft.index, [])]
        doc = _doc(walk, docstring, documenting)
        listed.append(_symbol(walk, draft, doc, code, listed))
    scopes, definitions, uses = walk.names.link(types_apart=walk.language.types_apart)
    return FileFacts(
        walk.language.name,
        tuple(listed),
        tuple(_erased(walk, uses) if walk.language.inert_uses else walk.imports),
        scopes,
        definitions,
        uses,
        calls.link(walk, uses),
        tuple(Comment(each.text, each.span, each.kind, each.symbol) for each in walk.comments),
        tuple(dict.fromkeys(walk.exports)),
        walk.declared_package,
        tuple(walk.errors),
        places.line_count(),
        code.total,
        opening.is_generated(
            walk.text(module_docstring) if module_docstring is not None else "",
            walk.comments,
            min((draft.start for draft in walk.drafts), default=len(places.source)),
            walk.language,
        ),
    )


def _erased(walk: Walk, uses: Iterable[Use]) -> Iterator[Import]:
    """Yield the imports; those whose names are only used as what leaves no trace are for types.

    Decorators may have the types of what they decorate written down (`emitDecoratorMetadata`).
    """
    inert = walk.language.inert_uses
    by_types: set[str] = set()
    by_code = {shown for shown in walk.exports if "type" in inert}
    for use in uses:
        if use.kind in inert:
            by_types.add(use.name)
        elif use.kind != "doc":
            by_code.add(use.name)
    alone = by_types - by_code
    if "type" in inert and any(draft.header.decorators for draft in walk.drafts):
        alone = set()
    for each in walk.imports:
        names = {name.alias for name in each.names}
        erased = names and names <= alone and not each.reexport
        yield replace_fields(each, type_only=True) if erased else each


def _is_script(walk: Walk) -> bool:
    """Say whether a file neither imports nor exports anything."""
    return not walk.exports and not any(each.kind != "dynamic" for each in walk.imports)


def _docstring(walk: Walk, body: Node | None) -> Node | None:
    find = walk.language.docstring
    return find(body) if find is not None and body is not None else None


class Doc(NamedTuple):
    """What is said of a definition, and whether by comments where the language has strings."""

    text: str
    remarked: bool = False


def _doc(walk: Walk, docstring: Node | None, doc_comments: list[int]) -> Doc:
    """Return a definition's doc: its docstring, else the comments that lead it."""
    if docstring is not None:
        return Doc(comments.docstring_prose(walk.text(docstring))[: opening.MAX_DOC])
    doc = "\n".join(comments.prose(walk.comments[index].text) for index in doc_comments).strip()
    if doc and walk.language.doc_prose is not None:
        doc = walk.language.doc_prose(doc)
    return Doc(doc[: opening.MAX_DOC], remarked=walk.language.docstring is not None and bool(doc))


def _first_words(walk: Walk) -> str:
    first = min((draft.lead for draft in walk.drafts), default=len(walk.places.source))
    return opening.first_words(walk.comments, first, walk.places)


def _mark_test_containers(drafts: list[Draft]) -> None:
    """Take a type or namespace that holds a test as one that is there for tests."""
    for draft in reversed(drafts):
        if draft.header.test and draft.parent > 0:
            around = drafts[draft.parent - 1]
            if around.kind in symbols.OWNERS or around.kind == "namespace":
                around.header = replace(around.header, test=True)


def _own_comments(walk: Walk, draft: Draft) -> None:
    for index in draft.doc_comments:
        comment = walk.comments[index]
        comment.symbol = draft.index
        if walk.language.plain_docs:
            comment.kind = "doc"


def _module(whole: Span, doc: Doc) -> SymbolFact:
    nowhere = Span(0, 0, 0, 0, 0, 0)
    return SymbolFact(
        "", "module", "", -1, whole, nowhere, 0, 0, doc=doc.text, remarked=doc.remarked
    )


def _symbol(
    walk: Walk, draft: Draft, doc: Doc, code: CodeLines, before: list[SymbolFact]
) -> SymbolFact:
    span = walk.places.between(draft.start, draft.end)
    parent = before[draft.parent] if draft.parent > 0 else None
    header = draft.header
    exported = walk.language.exported(header)
    if parent is None and not exported:
        exported = draft.name in walk.shown or (walk.language.scripts and _is_script(walk))
    if parent is not None and (parent.kind in CALLABLE_KINDS or not parent.exported):
        exported = False
    metrics = None
    if draft.count is not None and draft.body_start < draft.end:  # a declaration has no paths
        count = draft.count
        lines = code.count(span.line, span.end_line)
        metrics = Metrics(count.cyclomatic, count.cognitive, count.nesting, lines)
    return SymbolFact(
        draft.name,
        draft.kind,
        draft.container,
        draft.parent,
        span,
        walk.places.span(draft.name_node),
        draft.lead,
        draft.body_start,
        symbols.signature(draft, walk.places, walk.comments),
        doc.text,
        header.parameters,
        draft.returns,
        header.decorators,
        header.bases,
        exported,
        header.test,
        metrics,
        _result(walk, draft),
        doc.remarked,
    )


def _result(walk: Walk, draft: Draft) -> str:
    """Return what a function gives as others see it: its own variables by what they hold."""
    text = draft.result
    if not text and draft.body is not None and draft.body.type in walk.language.calls:
        text = walk.chain(draft.body)  # `() => make()`
    head = _HEAD.match(text)
    if draft.returns or head is None or head.group() in walk.language.self_words:
        return text
    name, rest = head.group(), text[head.end() :]
    found = walk.names.meaning(name, draft.result_scope, len(walk.places.source))
    bound = walk.names.bound[found] if found >= 0 else None
    if bound is None or bound.scope == 0 or bound.symbol >= 0 or bound.imported >= 0:
        return text
    if bound.type and not rest:
        return f"new {bound.type}()"
    return bound.value + rest if bound.value else ""
