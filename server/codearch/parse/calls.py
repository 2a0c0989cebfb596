"""Calls and references: what is called, on what, from where, and of which evident type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.facts import CallFact, CallKind, Span, Use
from codearch.languages._arguments import count_of
from codearch.parse.symbols import find, one_line
from codearch.text import utf16_length

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.languages._language import Callee, Language
    from codearch.parse.names import Names
    from codearch.parse.plan import Plan
    from codearch.parse.walk import Walk

MAX_RECEIVER = 120  # bytes; a longer receiver is "…": it stands for its value alone
_MAX_CHAIN = 12  # members looked through for the name that a receiver begins with


Passed = tuple[int, int]  # a bare name that is passed or stored: its use, and the caller


@dataclass(slots=True)
class CallDraft:
    """A call whose names are looked up after the walk."""

    name: str
    receiver: str
    span: Span
    caller: int
    scope: int
    kind: CallKind
    arguments: int = 0
    direct: bool = False  # the receiver is a name
    root: str = ""  # the name that a definition is looked for
    type: str = ""  # the receiver's
    owner_scope: int = -1  # of the enclosing type, where the receiver is a field of self
    certain: bool = False  # a reference that is one by its form


def call(walk: Walk, node: Node, plan: Plan) -> bool:
    """Record a call node."""
    callee = walk.language.calls[plan.kind]
    name, receiver = _called(node, callee, walk.language)
    if name is None:
        return False
    own = callee.kind if isinstance(callee.kind, str) else callee.kind(node)
    kind: CallKind = "decorator" if walk.in_decorator(node) else own
    arguments = node.child_by_field_name(callee.arguments)
    record(walk, name, receiver, kind, count_of(arguments))
    return False


def member(walk: Walk, node: Node, plan: Plan) -> bool:
    """Record a member that is passed or stored: `on_click = self.clicked`."""
    parent = walk.parent_plan()
    if parent is None or parent.kind not in walk.language.references or walk.role.use != "read":
        return False
    if plan.kind in walk.language.data_members:
        return False
    receiver_field, name_field = walk.language.members[plan.kind]
    receiver = node.child_by_field_name(receiver_field)
    name = node.child_by_field_name(name_field)
    if receiver is not None and name is not None:
        text = walk.places.text(receiver) if _short(receiver) else ""
        if text in walk.language.self_words or receiver.type in walk.language.identifiers:
            record(walk, name, receiver, "reference", 0)
    return False


def split(function: Node, language: Language) -> tuple[Node | None, Node | None]:
    """Return the name's node of what is called, and its receiver's."""
    for _ in range(_MAX_CHAIN):
        kind = function.type
        if kind in language.identifiers or kind in language.type_identifiers:
            return function, None
        if kind in language.members:
            receiver_field, name_field = language.members[kind]
            name = function.child_by_field_name(name_field)
            while name is not None and name.type == kind and kind in language.qualified:
                name = name.child_by_field_name(name_field)
            if name is not None and name.type in language.callee_wrappers:
                name = name.child_by_field_name(language.callee_wrappers[name.type]) or name
            return name, function.child_by_field_name(receiver_field)
        if kind in language.callee_wrappers:
            inner = find(function, language.callee_wrappers[kind])
        elif kind in language.parentheses and function.named_child_count == 1:
            inner = function.named_children[0]
        else:
            return None, None
        if inner is None:
            return None, None
        function = inner
    return None, None


def record(
    walk: Walk, name: Node, receiver: Node | None, kind: CallKind, arguments: int
) -> CallDraft:
    """Note a call or a reference for the present symbol and scope."""
    language = walk.language
    draft = CallDraft(
        walk.places.text(name),
        "",
        walk.places.span(name),
        walk.present_symbol(),
        walk.names.current,
        kind,
        arguments,
    )
    if receiver is None:
        draft.root = draft.name
    else:
        short = _short(receiver)
        draft.receiver = (
            one_line(_written(walk, receiver, name)) if short else elided(walk, receiver)
        )
        bare = _bare(receiver, language)
        evident = language.evident_types.get(bare.type)
        if evident is not None:
            draft.type = one_line(evident(bare))
        draft.root = _root(bare, language)
        draft.direct = bare.type in language.identifiers or bare.type in language.type_identifiers
        _of_self(walk, draft)
    if kind == "call" and _is_recursive(walk, draft):
        walk.complexity.mark_recursion()
    walk.calls.append(draft)
    return draft


def _written(walk: Walk, receiver: Node, name: Node) -> str:
    """Return a receiver's source, up to the name where that is qualified: `a::b` of `a::b::c`."""
    around = receiver.parent if walk.language.qualified else None  # finding a parent is slow
    if around is None or around.type not in walk.language.qualified:
        return walk.places.text(receiver)
    source = walk.places.source[receiver.start_byte : name.start_byte]
    return source.decode(errors="replace").rstrip(": ")


def _bare(receiver: Node, language: Language) -> Node:
    """Return what stands in the parentheses around a receiver."""
    for _ in range(_MAX_CHAIN):
        if receiver.type not in language.parentheses or receiver.named_child_count != 1:
            break
        receiver = receiver.named_children[0]
    return receiver


def elided(walk: Walk, receiver: Node) -> str:
    """Return a long chain without its arguments: `a.b(…).c(…)`; "…" for what is no chain."""
    language = walk.language
    parts: list[str] = []
    node: Node | None = receiver
    while node is not None and len(parts) < 4 * _MAX_CHAIN:
        callee = language.calls.get(node.type)
        if callee is not None:
            name, node = _called(node, callee, language)
        elif node.type in language.members or node.type in language.identifiers:
            name, node = split(node, language)
        elif node.named_child_count == 1 and node.type.endswith("_expression"):
            node = node.named_children[0]  # parentheses, `await`, `?`, `&`
            continue
        else:
            return "…"
        if name is None or not _short(name) or (node is not None and _is_new(callee)):
            return "…"
        text = walk.places.text(name) + ("(…)" if callee is not None else "")
        parts.append(f"new {text}" if _is_new(callee) else text)
    return ".".join(reversed(parts)) if node is None else "…"


def _is_new(callee: Callee | None) -> bool:
    """Say whether a call makes an object: `new A()`."""
    return callee is not None and callee.kind == "new"


def _called(node: Node, callee: Callee, language: Language) -> tuple[Node | None, Node | None]:
    """Return the name's node of a call, and its receiver's."""
    if callee.parts is not None:
        return callee.parts(node)
    function = find(node, callee.function)
    if function is None:
        return None, None
    receiver = node.child_by_field_name(callee.receiver) if callee.receiver else None
    return (function, receiver) if receiver is not None else split(function, language)


def _is_recursive(walk: Walk, draft: CallDraft) -> bool:
    """Say whether a call means the function in which it stands."""
    caller = walk.open[-1] if walk.open else None
    if caller is None or caller.name != draft.name or not caller.is_callable:
        return False
    if draft.receiver in walk.language.self_words:
        return caller.kind == "method"
    meaning = walk.names.meaning(draft.root, draft.scope, draft.span.start_byte)
    if meaning < 0:
        return False
    found = walk.names.bound[meaning]
    if draft.receiver:  # a receiver that the method itself names: `func (t *T) f() { t.f() }`
        return bool(caller.owner) and found.type.lstrip("*").partition("[")[0] == caller.owner
    return found.symbol == caller.index


def _of_self(walk: Walk, draft: CallDraft) -> None:
    """Give a receiver that is self, super, or a field of self what is known of its type."""
    head, dot, rest = draft.receiver.replace("->", ".").partition(".")
    if draft.receiver in walk.language.super_words:
        draft.type = walk.enclosing_type()[1]
    elif head in walk.language.self_words:
        name, _, scope = walk.enclosing_type()
        if not dot:
            draft.type = name
        elif rest.isidentifier():
            draft.owner_scope = scope
            draft.root = rest


def _short(node: Node) -> bool:
    return node.end_byte - node.start_byte <= MAX_RECEIVER


def _root(receiver: Node, language: Language) -> str:
    """Return the name that a receiver begins with, "" where it begins with something else."""
    for _ in range(_MAX_CHAIN):
        if receiver.type in language.identifiers or receiver.type in language.type_identifiers:
            return receiver.text.decode(errors="replace") if receiver.text else ""
        fields = language.members.get(receiver.type)
        inner = receiver.child_by_field_name(fields[0]) if fields else None
        if inner is None:
            return ""
        receiver = inner
    return ""


def link(walk: Walk, uses: tuple[Use, ...]) -> tuple[CallFact, ...]:
    """Return the calls with their definitions and receiver types; references to no function go."""
    names, language = walk.names, walk.language
    calls = []
    for draft in walk.calls:
        if isinstance(draft, tuple):
            use = uses[draft[0]]
            if _passes(use, names, language):
                calls.append(_passed(use, draft[1]))
            continue
        definition = -1
        if draft.owner_scope >= 0:
            draft.type = draft.type or _field_type(walk, draft)
        elif draft.root:
            definition = names.meaning(draft.root, draft.scope, draft.span.start_byte)
        if draft.kind == "reference" and not _refers(draft, definition, names, language):
            continue
        if definition >= 0 and draft.direct and not draft.type:
            draft.type = names.bound[definition].type
        calls.append(
            CallFact(
                draft.name,
                draft.receiver,
                draft.span,
                draft.caller,
                definition,
                draft.arguments,
                draft.kind,
                draft.type,
            )
        )
    return tuple(calls)


def _passes(use: Use, names: Names, language: Language) -> bool:
    """Say whether a bare name that is passed or stored may be a function's or a type's."""
    if use.definition < 0:
        return language.implicit_names
    return names.bound[use.definition].kind in {"import", "function", "class"}


def _passed(use: Use, caller: int) -> CallFact:
    """Return the reference that a use is."""
    end = use.start_byte + len(use.name.encode())
    column = use.column + utf16_length(use.name)
    span = Span(use.start_byte, end, use.line, use.column, use.line, column)
    return CallFact(use.name, "", span, caller, use.definition, 0, "reference", "")


def _field_type(walk: Walk, draft: CallDraft) -> str:
    """Return the type of a field of self, which may stand in another block of the same type."""
    scopes, around = walk.names.scopes, [draft.owner_scope]
    owner = scopes[draft.owner_scope].symbol
    if owner > 0 and walk.drafts[owner - 1].kind == "impl":
        same = walk.drafts[owner - 1].name
        around += [each.scope for each in walk.drafts if each.name == same and each.scope >= 0]
    for scope in around:
        fields = scopes[scope].names.get(draft.root)
        if fields:
            return walk.names.bound[fields[0]].type
    return ""


def _refers(draft: CallDraft, definition: int, names: Names, language: Language) -> bool:
    """Say whether a name that is passed or stored may be a function's or a type's."""
    if draft.certain or draft.type or draft.owner_scope >= 0:
        return True
    if definition < 0:
        return language.implicit_names and not draft.receiver and not draft.name.isupper()
    kind = names.bound[definition].kind
    if draft.receiver and language.implicit_names and names.bound[definition].type:
        return True  # a method as a value: `mux.Handle("/", server.index)`
    return kind == "import" or (not draft.receiver and kind in {"function", "class"})
