"""Looks at the tree where one of the tables' entries may apply, and says what is wrong there."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codearch.detectors._security.callers import reader_of
from codearch.detectors._security.candidates import Candidates
from codearch.detectors._security.destinations import Around, is_for_others
from codearch.detectors._security.judging import Hit, Judge
from codearch.detectors._security.languages import TABLES
from codearch.detectors._security.tables import (
    PARAMETER,
    Assigned,
    Returned,
    Setting,
    Sink,
    Smell,
    Table,
)
from codearch.detectors._security.values import joined
from codearch.languages._flows import Branch, Case, Choice, Function, Sequence
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.detectors._security.calls import Site
    from codearch.detectors._security.reader import Reader
    from codearch.facts import SymbolFact

_CALLED_ON = re.compile(rb"\s*\.\s*(\w+)\s*\(")
_STATEMENT_BYTES = 240
_MOST_SHOWN = 40  # characters of what is assigned to
_ASKED = (
    r"(?i)insecure|verif|skip|trust|self_?-?signed|valid|check|strict|unsafe|debug|develop|\bdev\b"
    r"|auth_?mode|NODE_ENV|md5|sha_?-?1|algorithm"
)
_DOUBTFUL = 0.6  # confidence where no name says what it is for
_CHOSEN = frozenset({"certificates", "debug", "weak-hash"})
_ASSIGNING = frozenset(
    {
        "assignment",
        "assignment_expression",
        "assignment_statement",
        "keyword_argument",
        "pair",
        "keyed_element",
        "variable_declarator",
        "field_initializer",
        "jsx_attribute",
        "short_var_declaration",
    }
)


def hits(view: FileView, rule: str) -> list[Hit]:
    """Return what a rule reports in a file; a file is looked at once for all rules."""
    return view.once("security", lambda: _by_rule(view)).get(rule, [])


def _by_rule(view: FileView) -> dict[str, list[Hit]]:
    by_rule: dict[str, list[Hit]] = defaultdict(list)
    table = TABLES.get(view.facts.language)
    if table is not None and not view.test:
        for hit in found(view, table):
            by_rule[hit.rule].append(hit)
    return by_rule


def found(view: FileView, table: Table) -> Iterator[Hit]:
    """Yield what is wrong in a file; of places inside each other, the outermost one a rule."""
    candidates = Candidates(view, table)
    yield from _defined(view, candidates)
    if not candidates.calls and not candidates.properties and not candidates.returned:
        return
    reader = reader_of(view.program, view.facts, table)
    if reader is None:
        return
    looking = _Looking(view, table, candidates, reader, Judge(view, reader))
    rule, end = "", 0
    for hit in sorted(looking.all(), key=lambda hit: (hit.rule, hit.start, -hit.end)):
        if hit.rule != rule or hit.end > end:
            rule, end = hit.rule, hit.end
            yield hit


def _defined(view: FileView, candidates: Candidates) -> Iterator[Hit]:
    """Yield the functions that are wrong by what they do."""
    for symbol, entry in candidates.defined:
        start, end = symbol.span.start_byte, symbol.span.end_byte
        if re.search(entry.text, _without_comments(view, start, end)):
            yield Hit(entry.rule, start, end, entry.message)


def _without_comments(view: FileView, start: int, end: int) -> str:
    parts, at = [], start
    for comment in view.facts.comments:
        if start <= comment.span.start_byte < end:
            parts.append(view.source[at : comment.span.start_byte])
            at = comment.span.end_byte
    return b" ".join((*parts, view.source[at:end])).decode(errors="replace")


@dataclass
class _Looking:
    """One file that is looked at."""

    view: FileView
    table: Table
    candidates: Candidates
    reader: Reader
    judge: Judge

    def all(self) -> Iterator[Hit]:
        """Yield what is wrong, place by place."""
        for fact, entries in self.candidates.calls:
            site = self.reader.sites.of_fact(fact)
            if site is None:
                continue
            for _, entry in entries:
                if isinstance(entry, Sink):
                    yield from self._sink(site, entry)
                else:
                    yield from self._smell(site, entry)
        for place in self.table.properties:
            for start in self.candidates.properties.get(place.name, ()):
                yield from self._property(place, start)

        for symbol, returned in self.candidates.returned:
            yield from self._returned(symbol, returned)

    def _returned(self, symbol: SymbolFact, entry: Returned) -> Iterator[Hit]:
        function = self.reader.functions.function_at(symbol.span)
        if function is None:
            return
        for node in self.reader.functions.returned(function):
            answer = node.named_children[0] if node.type == "expression_list" else node
            value = self.reader.value(answer)
            yield from self.judge.judged(entry, value, answer, symbol.name)

    # --- calls --------------------------------------------------------------------------------

    def _smell(self, site: Site, entry: Smell) -> Iterator[Hit]:
        if not self._reads_as(site, entry):
            return
        names = self._names(site.node, site.callee) if entry.named or entry.unnamed else ""
        if entry.named and not re.search(entry.named, names):
            return
        surely = bool(entry.surely) and re.search(entry.surely, names) is not None
        if not surely and self._is_harmless(site, entry, names):
            return
        if entry.rule == "weak-hash" and is_for_others(self._around(site), secret=surely):
            return
        message = entry.message.replace("{call}", site.short)
        confidence = 1.0 if surely or not entry.surely else _DOUBTFUL
        yield Hit(entry.rule, site.node.start_byte, site.node.end_byte, message, confidence)

    def _reads_as(self, site: Site, entry: Smell) -> bool:
        """Say whether a call's arguments, and its file, are what the entry asks for."""
        if not re.search(entry.when, site.arguments):
            return False
        if entry.unless and re.search(entry.unless, site.arguments):
            return False
        if entry.file and not re.search(entry.file.encode(), self.view.source):
            return False
        if not entry.constant:
            return True
        value = self.reader.value(site.argument(0))
        return value.constant and bool(re.search(entry.constant, value.text.strip("\"'`")))

    def _is_harmless(self, site: Site, entry: Smell, names: str) -> bool:
        """Say whether names, the rest of the function, or a condition speak for a call."""
        if entry.unnamed and re.search(entry.unnamed, names):
            return True
        if entry.after and re.search(entry.after, self._function_text(site.node)):
            return True
        return entry.rule in _CHOSEN and self._is_asked_for(site.node)

    def _around(self, site: Site) -> Around:
        """Return the texts around a call."""
        function = self.reader.functions.innermost(site.node)
        name = function.child_by_field_name("name") if function is not None else None
        return Around(
            self.view.source.decode(errors="replace"),
            self._function_text(site.node),
            text(name) if name is not None else "",
            self._statement(site.node),
            site.callee,
        )

    def _is_asked_for(self, node: Node) -> bool:
        """Say whether a condition around a place speaks of it: it is somebody's choice then."""
        here = node
        while here.parent is not None:
            parent = here.parent
            shape = self.reader.sites.shape(parent)
            if isinstance(shape, Function):
                return False
            if isinstance(shape, Case) and re.search(_ASKED, text(parent)[:80].partition(":")[0]):
                return True
            if isinstance(shape, Branch | Choice):
                named = parent.named_children
                condition = parent.child_by_field_name("condition") or (named[0] if named else None)
                if condition is not None and re.search(_ASKED, text(condition)):
                    return True
            here = parent
        return False

    def _function_text(self, node: Node) -> str:
        function = self.reader.functions.innermost(node)
        if function is None:
            return self.view.source.decode(errors="replace")
        return text(function)

    def _names(self, node: Node, callee: str) -> str:
        """Return the names around a call: of its statement, its functions and types, its file."""
        around = [
            symbol.name
            for symbol in self.view.facts.symbols
            if symbol.kind != "module"
            and symbol.span.start_byte <= node.start_byte < symbol.span.end_byte
        ]
        statement = self._statement(node)
        written = statement.replace(callee, "") if callee else statement
        return "\n".join((written, " ".join((*around, self.view.path.rpartition("/")[2]))))

    def _statement(self, node: Node) -> str:
        """Return the text of the statement around a call, or of what of it is not long."""
        statement = node
        while statement.parent is not None:
            parent = statement.parent
            if parent.end_byte - parent.start_byte > _STATEMENT_BYTES:
                break
            if isinstance(self.reader.sites.shape(parent), Function | Sequence):
                break
            if (
                parent.type.endswith(("_list", "body", "block", "unit"))
                and "argument" not in parent.type
                and parent.type != "expression_list"
            ):
                break
            statement = parent
        return text(statement)

    def _sink(self, site: Site, entry: Sink) -> Iterator[Hit]:
        if entry.when and not re.search(entry.when, site.arguments):
            return
        if entry.unless and re.search(entry.unless, site.arguments):
            return
        if entry.fixed and not self._is_fixed(site.argument(0)):
            return
        if self._is_cleaned_after(site.node, entry.rule):
            return
        if not self._stands_in(entry, site.node):
            return
        parts = (
            [site.argument(each) for each in entry.arguments]
            if entry.arguments
            else [*site.positional]
        )
        given = [part for part in parts if part is not None]
        if not given:
            return
        value = joined([self.reader.value(part) for part in given])
        if entry.spaces >= 0:
            space = site.argument(entry.spaces)
            if space is not None and "dict" not in space.type and "object" not in space.type:
                chosen = [each for each in value.origins if each.kind != PARAMETER or each.composed]
                value = replace(value, origins=tuple(chosen))
        yield from self.judge.judged(entry, value, site.node, site.short)

    def _stands_in(self, entry: Sink, node: Node) -> bool:
        """Say whether the function around a call is what an entry asks for."""
        if not (entry.within or entry.after):
            return True
        around = self._function_text(node)
        if not re.search(entry.within, around):
            return False
        return not (entry.after and re.search(entry.after, around))

    def _is_cleaned_after(self, node: Node, rule: str) -> bool:
        """Say whether what a call gives is made safe on the spot: `Paths.get(x).getFileName()`."""
        after = _CALLED_ON.match(self.view.source, node.end_byte)
        named = self.table.cleaning.get(after[1].decode(), ()) if after else ()
        return any(before == "*" and each == rule for before, each in named)

    def _is_fixed(self, target: Node | None) -> bool:
        """Say whether a name is that of a local array whose size stands in its declaration."""
        if target is None:
            return False
        function = self.reader.functions.innermost(target)
        name = text(target)
        for each in self.view.facts.definitions:
            if each.name != name or function is None:
                continue
            if function.start_byte <= each.span.start_byte < function.end_byte:
                node = self.reader.root.named_descendant_for_byte_range(
                    each.span.start_byte, each.span.end_byte - 1
                )
                if node is not None and node.parent is not None:
                    return node.parent.type == "array_declarator"
        return False

    # --- properties ---------------------------------------------------------------------------

    def _property(self, entry: Setting | Assigned, start: int) -> Iterator[Hit]:
        source = self.view.source
        if isinstance(entry, Setting) and entry.file and not re.search(entry.file.encode(), source):
            return
        if self._in_test(start):
            return
        end = start + len(entry.name.encode())
        node = self.reader.root.named_descendant_for_byte_range(start, end - 1)
        found = _assignment(node) if node is not None else None
        if found is None:
            return
        whole, target, value = found
        if isinstance(entry, Setting):
            yield from self._setting(entry, whole, value)
        elif (whole.type != "pair" or not entry.target) and re.search(entry.target, target):
            known = self.reader.value(value)
            yield from self.judge.judged(entry, known, whole, _short(target))

    def _in_test(self, place: int) -> bool:
        return any(
            symbol.test and symbol.span.start_byte <= place < symbol.span.end_byte
            for symbol in self.view.facts.symbols
        )

    def _setting(self, entry: Setting, whole: Node, value: Node) -> Iterator[Hit]:
        if not re.fullmatch(entry.value, " ".join(text(value).split())):
            return
        if entry.inside:
            around = whole.parent
            for _ in range(4):
                if around is None or "call" in around.type or "invocation" in around.type:
                    break
                around = around.parent
            written = text(whole) + " " + (text(around)[:200] if around is not None else "")
            if not re.search(entry.inside, written):
                return
        if entry.rule in _CHOSEN and self._is_asked_for(whole):
            return
        yield Hit(entry.rule, whole.start_byte, whole.end_byte, entry.message)


def _assignment(node: Node) -> tuple[Node, str, Node] | None:
    """Return the whole, target and value of what a name is the (last part of the) target of."""
    here: Node | None = node
    for _ in range(5):
        parent = here.parent if here is not None else None
        if parent is None:
            return None
        if parent.type in _ASSIGNING:
            named = [each for each in parent.named_children if "comment" not in each.type]
            if len(named) < 2 or named[0].end_byte < node.end_byte:
                return None
            if not text(named[0]).rstrip("'\"]").endswith(text(node).strip("'\"")):
                return None
            return parent, text(named[0]), named[-1]
        if isinstance(parent.type, str) and (
            "block" in parent.type or "statement" in parent.type or "argument" in parent.type
        ):
            return None
        here = parent
    return None


def _short(target: str) -> str:
    written = " ".join(target.split())
    return written if len(written) <= _MOST_SHOWN else "…" + written[1 - _MOST_SHOWN :]
