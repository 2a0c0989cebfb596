"""Opening a definition: its extent, its container, its header and what leads it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.languages._language import Define, Header, Language
from codearch.parse import symbols
from codearch.parse.symbols import Draft, find

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.parse.walk import Walk

_HEADER_BYTES = 400  # of a header that are looked through for words such as `public`
_MAX_STATEMENTS = 50
_MAX_WRAPPED = 20  # comments and decorators included
_WORD = re.compile(r"[^\W\d]\w*")


def draft_of(walk: Walk, node: Node, define: Define) -> Draft | None:
    """Return the definition that the present node is, None if it is none."""
    if define.when is not None and not define.when(node):
        return None
    name_node = find(node, define.name)
    if name_node is None or len(walk.open) >= symbols.MAX_DEPTH:
        return None
    label = walk.places.text(name_node) if define.label is None else define.label(node)
    name = symbols.name_of(label)
    return _draft(walk, node, define, name_node, name) if name or define.kind is None else None


def _draft(walk: Walk, node: Node, define: Define, name_node: Node, name: str) -> Draft:
    language, places = walk.language, walk.places
    around = walk.open[-1] if walk.open else None
    owner = define.owner(node) if define.owner is not None else ""
    held = find(node, define.inner) or node
    outermost = _outermost(walk, node)
    start = symbols.header_start(outermost, language)
    leads = walk.leads.take(outermost.start_byte, start)
    inside = symbols.decorators_inside(node, language, places)
    parameters = symbols.parameters_of(find(held, define.parameters), language, places)
    header = Header(
        name,
        symbols.kind_of(define, owner, around),
        _words(walk, start, name_node) | _access(node, define),
        (*(lead.decorator for lead in leads if lead.decorator), *inside),
        symbols.bases_of(node, define, language, places),
        tuple(parameter for parameter, _ in parameters),
        around.header if around is not None else None,
    )
    header = replace(header, test=define.test or language.is_test(header))
    returns = define.returned(node) if define.returned is not None else _returns(walk, held, define)
    index = len(walk.drafts) + 1 if define.kind is not None else -1
    container = [around.container, around.name] if around is not None else []
    nearest = around.nearest if around is not None else 0
    return Draft(
        define=define,
        name=name,
        kind=header.kind,
        container=".".join(part for part in (*container, owner) if part),
        owner=owner,
        index=index,
        nearest=index if index > 0 else nearest,
        parent=nearest or -1,
        node=node,
        inner=held,
        name_node=name_node,
        start=start,
        end=outermost.end_byte - (places.source[outermost.end_byte - 1 :][:1] == b"\n"),
        lead=leads[0].start if leads else outermost.start_byte,
        body=find(held, define.body) if define.body else None,
        header=header,
        header_comments=len(walk.comments),
        parameters=parameters,
        returns=symbols.one_line(returns).lstrip(":->").strip(),
        doc_comments=[lead.comment for lead in leads if lead.comment >= 0],
    )


def _returns(walk: Walk, held: Node, define: Define) -> str:
    found = find(held, define.returns) if define.returns else None
    return walk.places.text(found) if found is not None else ""


def _outermost(walk: Walk, node: Node) -> Node:
    """Return the widest wrapper that holds this definition alone, the node itself without one."""
    language = walk.language
    apart = language.decorators | language.comments | language.wrapper_parts
    outermost = node
    for above, plan in walk.ancestors():
        if plan is None or plan.kind not in language.wrappers:
            break
        if above.named_child_count > _MAX_WRAPPED:  # it declares much else
            break
        if sum(child.type not in apart for child in above.named_children) > 1:
            break
        outermost = above
    return outermost


def _words(walk: Walk, start: int, name_node: Node) -> frozenset[str]:
    end = min(name_node.start_byte, start + _HEADER_BYTES)
    before = walk.places.source[start:end].decode(errors="replace")
    return frozenset((*_WORD.findall(before), *before[-1:].strip()))


def _access(node: Node, define: Define) -> frozenset[str]:
    return frozenset() if define.access is None else frozenset([define.access(node)])


def declares_only(draft: Draft, language: Language) -> bool:
    """Say whether a function's body does no more than declare functions and return."""
    if draft.body is None or not language.declaring:
        return False
    found = draft.body.named_children
    statements = [each for each in found if each.type not in language.comments]
    docstring = language.docstring(draft.body) if language.docstring is not None else None
    return len(statements) <= _MAX_STATEMENTS and all(
        statement.type in language.declaring
        or (docstring is not None and statement.start_byte == docstring.start_byte)
        for statement in statements
    )
