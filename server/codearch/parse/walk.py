"""One pass over a syntax tree, from which all facts of a file come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from codearch.facts import (
    CallKind,
    DefinitionKind,
    FactError,
    FileFacts,
    Import,
    UseKind,
)
from codearch.languages._language import (
    READ,
    Define,
    Flow,
    ImportDraft,
    Role,
    Scoping,
)
from codearch.parse import calls, comments, definitions, finish, importing, symbols
from codearch.parse.complexity import NO_END, Complexity
from codearch.parse.leads import Lead, Leads
from codearch.parse.names import Names
from codearch.parse.places import Places
from codearch.parse.plan import LEAF, Grammar, Plan, inner
from codearch.parse.symbols import CommentDraft, Draft

if TYPE_CHECKING:
    from tree_sitter import Node, Tree, TreeCursor

MAX_ERRORS = 20
_WORD = re.compile(r"(?<![.\w])[^\W\d]\w*")
_LONGEST_VALUE = 120  # bytes
_CHAIN = re.compile(r"[&*(]*(?:(?:await|new|mut)\s)?[^\W\d][\w$]*(?:->|[.(\[]|::|[?!]\.?|<\S)")
_INFERRED = frozenset(
    {"auto", "var", "let", "const auto", "auto&", "const auto&", "auto*", "auto&&"}
)


class _Known(NamedTuple):
    """What is known of a name's type: the type, or a name or an expression of the same type."""

    type: str = ""
    alias: str = ""
    value: str = ""


class Walk:
    """The state of one pass: where it is, what is open there, and what was found so far."""

    def __init__(self, grammar: Grammar, source: bytes, tree: Tree) -> None:
        self.language = grammar.language
        self.places = Places(source)
        self.names = Names(self.places.whole(), self.language.file_scope)
        self.complexity = Complexity()
        self.drafts: list[Draft] = []
        self.open: list[Draft] = []
        self.calls: list[calls.CallDraft | calls.Passed] = []
        self.comments: list[CommentDraft] = []
        self.inner_docs: dict[int, list[int]] = {}  # symbol -> comments inside it that document it
        self.imports: list[Import] = []
        self.exports: list[str] = []
        self.shown: set[str] = set()  # names of this file that are exported explicitly
        self.declared_package = ""
        self.errors: list[FactError] = []
        self.role = READ
        self._plans = grammar.plans
        self.root = tree.root_node
        self._cursor: TreeCursor = tree.walk()
        self._depth = 0
        self._frames: list[
            tuple[Node, Plan | None, dict[int | None, Role | None] | None, Role | None, Role]
        ] = []
        self._exits: list[tuple[int, Callable[[], None]]] = []
        self.leads = Leads(self.places.source)
        self._skipped: set[int] = set()
        self._implied: set[str] = set()
        self._types: dict[int, _Known] = {}  # name's node -> what is known of its type
        self._decorating: set[int] = set()
        self.guards = 0  # constructs around that may keep an import from happening
        self.types_only_until = 0  # byte
        self.program_until = 0  # byte
        self._broken = self.root.has_error

    # --- the pass -----------------------------------------------------------------------------

    def run(self) -> FileFacts:
        """Walk the whole tree and return what it holds."""
        self._pass()
        return finish.facts(self)

    def _pass(self) -> None:  # noqa: C901, PLR0912 - one loop over every node: calls cost too much here
        cursor, plan_of, frames, exits = self._cursor, self._plans.get, self._frames, self._exits
        down, right, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
        depth = 0
        inherited = READ
        table: dict[int | None, Role | None] | None = None
        rest: Role | None = None
        while True:
            node = cursor.node
            assert node is not None  # noqa: S101 - a cursor of a tree always stands on a node
            plan = plan_of(node.kind_id)
            if table is not None:
                role = table.get(cursor.field_id, rest) or inherited
                if role.outer:
                    self._depth = depth
                    self._go_outside()
                    role = inner(role)
            else:
                role = rest or inherited
            enter = True
            if plan is not None:
                if plan.name:
                    self._name(node, role, plan)
                    enter = False
                elif plan is LEAF:
                    enter = False
                elif plan.steps:
                    self._depth = depth
                    self.role = role
                    for step in plan.steps:
                        if step(self, node, plan):
                            enter = False
                            break
            elif self._broken and node.is_missing:
                self.error(node)
            if enter and down():
                frames.append((node, plan, table, rest, inherited))
                depth += 1
                inherited = role
                table, rest = (plan.fields, plan.rest) if plan is not None else (None, None)
                continue
            while True:
                while exits and exits[-1][0] == depth:
                    exits.pop()[1]()
                if right():
                    break
                if not up():
                    return
                _, _, table, rest, inherited = frames.pop()
                depth -= 1

    def at_exit(self, action: Callable[[], None]) -> None:
        """Do something on leaving the present node."""
        self._exits.append((self._depth, action))

    def parent_plan(self) -> Plan | None:
        """Return the plan of the present node's parent."""
        return self._frames[-1][1] if self._frames else None

    def ancestors(self) -> Iterator[tuple[Node, Plan | None]]:
        """Yield the nodes around the present one, innermost first."""
        for node, plan, *_ in reversed(self._frames):
            yield node, plan

    def field_name(self) -> str | None:
        """Return the field in which the present node stands."""
        return self._cursor.field_name

    def present_symbol(self) -> int:
        """Return the index of the innermost open symbol; 0 is the file's own."""
        return self.open[-1].nearest if self.open else 0

    def enclosing_type(self) -> tuple[str, str, int]:
        """Return name, first base and scope of the type around the present place ("", "", -1)."""
        for draft in reversed(self.open):
            if draft.kind in symbols.OWNERS or draft.header.bases:  # or an anonymous class
                return draft.name, (*draft.header.bases, "")[0], draft.scope
            if draft.owner:
                return draft.owner, "", -1
        return "", "", -1

    # --- names --------------------------------------------------------------------------------

    def _name(self, node: Node, role: Role, plan: Plan) -> None:
        if role.binds is not None:
            if node.id not in self._skipped:
                self._bind(node, role)
        elif role.use is not None and node.id not in self._skipped:
            name = (node.text or b"").decode(errors="replace")
            kind: UseKind = "type" if plan.names_type and role.use == "read" else role.use
            line, column = self.places.start(node)
            use = self.names.use(name, node.start_byte, line, column, kind)
            parent = self._frames[-1][1] if self._frames else None
            if kind == "read" and parent is not None and parent.refers:
                self.calls.append((use, self.present_symbol()))

    def _bind(self, node: Node, role: Role) -> None:
        assert role.binds is not None  # noqa: S101 - only such roles come here
        since = 0
        if role.after:
            since = next(
                (above.end_byte for above, plan in self.ancestors() if plan and plan.after), 0
            )
        bound = self.names.bind(
            self.text(node), role.binds, self.places.span(node), since=since, hoist=role.hoist
        )
        known = self._types.pop(node.id, None)
        if known is not None and not bound.type:
            bound.type, bound.alias_of, bound.value = known
            bound.alias_scope = self.names.current

    def _go_outside(self) -> None:
        before = self.names.leave()
        self.at_exit(lambda: self.names.back(before))

    def scope(self, node: Node, scoping: Scoping) -> None:
        """Open a scope for the present node."""
        symbol = -1
        draft = self.open[-1] if self.open else None
        own = draft is not None and node.id in {draft.node.id, draft.inner.id}
        if draft is not None and own:
            symbol = draft.index
        before = self.names.open(self.places.span(node), scoping, symbol)
        if draft is not None and own and self.names.current != before:
            draft.scope = self.names.current
        self.at_exit(lambda: self.names.back(before))

    def typed(self, target: Node, declared: Node | None, value: Node | None) -> None:
        """Keep the type that is given to a name, until the walk comes to the name."""
        known, alias, chain = "", "", ""
        if declared is not None and value is not None and self.text(declared) in _INFERRED:
            declared = None
        if value is not None and declared is None:
            chain = self.chain(value)
        if declared is not None:
            known = symbols.one_line(self.text(declared)).removeprefix(":").strip()
        elif value is not None and value.type in self.language.evident_types:
            known = symbols.one_line(self.language.evident_types[value.type](value))
        elif value is not None and value.type in self.language.identifiers:
            alias = self.text(value)
        if target.type in self.language.members:
            self._field(target, _Known(known, alias, chain))
        elif known or alias or chain:
            self._types[target.id] = _Known(known, alias, chain)

    def element(self, target: Node, value: Node) -> None:
        """Keep that a loop's variable is an element of a value, written `value[0]`."""
        known = value.type in self.language.identifiers
        text = self.text(value) if known else self.chain(value)
        if text and target.type in self.language.identifiers:
            self._types[target.id] = _Known(value=f"{text}[0]")

    def returning(self, node: Node) -> None:
        """Keep what the function around first returns, where it declares no type."""
        draft = next((each for each in reversed(self.open) if each.is_callable), None)
        value = node.named_children[0] if node.named_child_count == 1 else None
        if draft is None or value is None or draft.returns or draft.result:
            return
        for above, plan in self.ancestors():
            if above.id in {draft.node.id, draft.inner.id}:
                break
            if plan is not None and self.language.flow.get(plan.kind) is Flow.DEEPER:
                return  # it is an unnamed function inside that returns here
        text = self.text(value) if value.type in self.language.identifiers else self.chain(value)
        draft.result, draft.result_scope = text, self.names.current

    def chain(self, value: Node) -> str:
        """Return a value that is a chain of names, members and calls; "" for any other."""
        if value.end_byte - value.start_byte > _LONGEST_VALUE:
            text = calls.elided(self, value)
            return text if text != "…" else ""
        text = symbols.one_line(self.text(value))
        return text if _CHAIN.match(text) else ""

    def _field(self, target: Node, known: _Known) -> None:
        """Bind `self.x = ...` as a field of the enclosing type."""
        receiver_field, name_field = self.language.members[target.type]
        receiver, name = (
            target.child_by_field_name(receiver_field),
            target.child_by_field_name(name_field),
        )
        scope = self.enclosing_type()[2]
        if receiver is None or name is None or scope < 0:
            return
        if self.text(receiver) not in self.language.self_words:
            return
        text = self.text(name)
        earlier = self.names.scopes[scope].names.get(text)
        if earlier:
            bound = self.names.bound[earlier[0]]
        else:
            bound = self.names.bind_in(scope, text, "field", self.places.span(name), 0)
        if not bound.type and not bound.alias_of and not bound.value:
            bound.type, bound.alias_of, bound.value = known
            bound.alias_scope = self.names.current

    # --- what the readers of a language may do ------------------------------------------------

    def text(self, node: Node) -> str:
        """Return a node's source."""
        return self.places.text(node)

    def bind(self, node: Node, kind: DefinitionKind, name: str = "") -> None:
        """Bind the node's text (or `name`) in the present scope, or in the one that hoists."""
        self.names.bind(name or self.text(node), kind, self.places.span(node), hoist=True)

    def bind_here(
        self, node: Node, kind: DefinitionKind, type_node: Node | None = None, *, name: str = ""
    ) -> None:
        """Bind an identifier in the present scope, the walk then passes over it; or bind `name`."""
        bound = self.names.bind(name or self.text(node), kind, self.places.span(node))
        if type_node is not None:
            bound.type = symbols.one_line(self.text(type_node))
        if not name:
            self.skip(node)

    def use(self, node: Node, kind: UseKind = "read", name: str = "") -> None:
        """Record a use of the node's text (or of `name`)."""
        line, column = self.places.start(node)
        self.names.use(name or self.text(node), node.start_byte, line, column, kind)

    def imply(self, node: Node, names: Sequence[str]) -> None:
        """Record a use of names that nobody wrote; once a file."""
        for name in names:
            if name not in self._implied:
                self._implied.add(name)
                self.use(node, "read", name)

    def use_names_in(self, node: Node, kind: UseKind) -> None:
        """Record a use of each name inside the node's text."""
        self._use_names(self.text(node), node.start_byte, kind)

    def _use_names(self, text: str, at: int, kind: UseKind) -> None:
        for match in _WORD.finditer(text):
            start = at + len(text[: match.start()].encode())
            line, column = self.places.lines.position(start)
            self.names.use(match.group(), start, line, column, kind)

    def bind_field(self, node: Node, type_node: Node | None, value: Node | None = None) -> None:
        """Bind the node's text as a field of the enclosing type."""
        scope = self.enclosing_type()[2]
        if scope < 0:
            return
        bound = self.names.bind_in(scope, self.text(node), "field", self.places.span(node), 0)
        if type_node is not None:
            bound.type = symbols.one_line(self.text(type_node)).removeprefix(":").strip()
        elif value is not None and value.type in self.language.evident_types:
            bound.type = symbols.one_line(self.language.evident_types[value.type](value))

    def redirect(self, name: str, *, outermost: bool) -> None:
        """Let a name mean that of the file, or of the function around."""
        self.names.redirect(name, outermost=outermost)

    def export(self, name: str, value: Node | None = None) -> None:
        """Export a name; one that stands for another is bound as `exports.name`, with its value."""
        self.exports.append(name)
        local = value is not None and value.type in self.language.identifiers
        self.shown.add(self.text(value) if value is not None and local else name)
        if value is None:
            return
        text = self.text(value)
        text = text if text.isidentifier() else self.chain(value)
        if text and text != name:
            span = self.places.span(value)
            self.names.bind_in(0, f"exports.{name}", "variable", span, 0).value = text

    def package(self, name: str) -> None:
        """Record the package that the file declares; the first one counts."""
        self.declared_package = self.declared_package or name

    def call(
        self,
        name_node: Node,
        receiver: Node | None,
        kind: CallKind,
        arguments: int = 0,
        *,
        name: str = "",
    ) -> None:
        """Record a call of the node's text (or of `name`) from the present symbol."""
        draft = calls.record(self, name_node, receiver, kind, arguments)
        draft.certain = True
        if name:
            draft.name = draft.root = name

    def calls_in(self, node: Node, pattern: re.Pattern[str]) -> None:
        """Record a call of group 1 of each match inside the node's text."""
        text = self.text(node)
        for match in pattern.finditer(text):
            name = match.group(1)
            start = node.start_byte + len(text[: match.start(1)].encode())
            span = self.places.between(start, start + len(name.encode()))
            here, scope = self.present_symbol(), self.names.current
            self.calls.append(calls.CallDraft(name, "", span, here, scope, "call", root=name))

    def skip(self, node: Node) -> None:
        """Let an identifier do nothing when the walk comes to it."""
        self._skipped.add(node.id)

    # --- imports, comments, decorators, errors ------------------------------------------------

    def imported(self, draft: ImportDraft, at: Node) -> None:
        """Record an import and bind its names."""
        importing.record(self, draft, at)

    def guard(self, node: Node) -> None:
        """Count a construct that may keep the imports inside it from happening."""
        self.guards += 1
        self.at_exit(self._unguard)
        types, program = self.language.type_only_guard, self.language.program_guard
        self.types_only_until = max(self.types_only_until, importing.end_of_guarded(node, types))
        self.program_until = max(self.program_until, importing.end_of_guarded(node, program))

    def _unguard(self) -> None:
        self.guards -= 1

    def comment(self, node: Node) -> None:
        """Record a comment; it may turn out to lead the definition after it."""
        text, span = self.places.comment(node)
        own_line = self.places.is_own_line(span)
        doc = self.language.doc_comment.match(text) is not None
        kind = "doc" if doc else comments.kind_of(text)
        self.comments.append(CommentDraft(text, span, kind, self.present_symbol()))
        if doc and self.language.inner_doc.match(text):
            self.inner_docs.setdefault(self.present_symbol(), []).append(len(self.comments) - 1)
            self.leads.all = []
            return
        lead = Lead(node.start_byte, node.end_byte, comment=len(self.comments) - 1)
        self.leads.add(lead, own_line=own_line)
        if doc:
            for pattern in self.language.doc_links:
                for link in pattern.finditer(text):
                    start = node.start_byte + len(text[: link.start(1)].encode())
                    self._use_names(link.group(1), start, "doc")
        types = self.language.type_comment.match(text)
        if types:
            start = node.start_byte + len(text[: types.start(1)].encode())
            self._use_names(types.group(1), start, "annotation")

    def decorator(self, node: Node) -> None:
        """Keep a decorator for the definition after it, and record its use as a call."""
        before = [*self.leads.all]
        lead = Lead(node.start_byte, node.end_byte, decorator=self.text(node))
        self.at_exit(lambda: self.leads.follow(before, lead))
        for child in node.named_children[:1]:
            self._decorating.add(child.id)
            if child.type not in self.language.calls:
                name, receiver = calls.split(child, self.language)
                if name is not None:
                    calls.record(self, name, receiver, "decorator", 0)

    def in_decorator(self, node: Node) -> bool:
        """Say whether a call is a decorator's own."""
        return node.id in self._decorating

    def error(self, node: Node) -> None:
        """Record a place that could not be understood."""
        if len(self.errors) < MAX_ERRORS:
            line, column = self.places.start(node)
            what = f"missing {node.type}" if node.is_missing else "cannot be parsed"
            self.errors.append(FactError(what, line, column))

    # --- definitions --------------------------------------------------------------------------

    def is_definition_body(self, node: Node) -> bool:
        """Say whether a node is the function that the innermost open definition names."""
        return bool(self.open) and self.open[-1].inner.id == node.id

    def decisions_end(self, node: Node) -> int:
        """Return the byte from which decisions in a function are not its own."""
        end = self.language.decisions_end
        return end(node) if end is not None else NO_END

    def define(self, node: Node, define: Define) -> bool:
        """Open a symbol for the present node, if it is one."""
        draft = definitions.draft_of(self, node, define)
        if draft is None:
            return False
        if draft.index > 0:
            self.skip(draft.name_node)
        kind = symbols.bound_as(draft)
        if kind is not None and draft.index > 0:
            span = self.places.span(draft.name_node)
            here = self.names.current
            if self.names.scopes[here].scoping.header:
                self.names.leave()
            bound = self.names.bind(draft.name, kind, span, since=node.end_byte)
            self.names.back(here)
            bound.symbol = draft.index
            if kind not in {"function", "class", "type"}:
                bound.type = self._types.pop(draft.name_node.id, _Known(draft.returns)).type
        if draft.index > 0:
            self.drafts.append(draft)
        self.open.append(draft)
        for parameter, parameter_node in draft.parameters:
            if parameter_node is not None and parameter.type:
                self._types[parameter_node.id] = _Known(parameter.type)
        if draft.is_callable:
            self.complexity.enter_callable(node.start_byte, self.decisions_end(draft.inner))
        self.at_exit(self._close)
        return True

    def _close(self) -> None:
        draft = self.open.pop()
        if draft.is_callable:
            draft.count = self.complexity.leave_callable(
                declares_only=definitions.declares_only(draft, self.language),
                counts_outside=not draft.header.test,
                shares=draft.define.shares,
            )
