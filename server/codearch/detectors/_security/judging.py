"""Decides whether a value that gets to a sink is worth a finding, and says where it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._security.callers import (
    Given,
    given_to,
    is_private,
    only_constants,
    worst,
)
from codearch.detectors._security.tables import (
    ARGUMENT,
    PARAMETER,
    REQUEST,
    Assigned,
    Returned,
    Sink,
)
from codearch.detectors._security.words import MAKES_HTML
from codearch.facts import Related
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.detectors._security.reader import Reader
    from codearch.detectors._security.values import Origin, Value

_NAME = re.compile(r"\w+")
_MOST_RELATED = 6
Far = tuple[Given, "Origin"]  # a caller, and what it gives
_GUARDS = (
    r"(?<!for )(?<!for\()\b{0}\b(?:\.\w+\(\))?\s+(?:not\s+)?in\s",
    (
        r"\.(?:includes|contains|has|ContainsKey|containsKey|Contains|hasOwnProperty|contains_key)"
        r"\(\s*&?{0}\b"
    ),
    r"\b{0}\.(?:isdigit|isalnum|isidentifier|isdecimal|isnumeric|isalpha|matches|match)\(",
    r"\b(?:re\.)?(?:full)?match\([^()\n]*\b{0}\b",
    (
        r"(?i:(?<![a-z])(?:is|url_has)_?(?:an?_?)?(?:\w*_)?(?:local|safe|allowed|trusted|same|own"
        r"|internal|relative|valid)\w*)\(\s*&?{0}\b"
    ),
    r"(?:\.test|\.is_match|\.MatchString|\.IsMatch|\.matcher|\.fullmatch|\.match)\(\s*&?{0}\b",
    (
        r"\b(?:valid\w*|check\w*|assert\w*|ensure\w*|verify\w*|sanit\w*|is_?safe\w*|is_?valid\w*"
        r"|is_?allowed\w*|quote\w*|escape\w*|str\w*len|wcslen)\(\s*&?{0}\b"
    ),
)
_GUARDS_OF = {  # rule -> what else tells that a value was looked at
    "redirect": (
        r"\b{0}\.(?:[sS]tarts_?[wW]ith|IndexOf|indexOf|find|slice|charAt|substring|[hH]ost\w*)\b",
        (
            r"\b(?:HasPrefix|urlparse|url_parse|urlsplit|new UR[LI]|new Uri|TryCreate|url\.Parse)"
            r"\(\s*{0}\b"
        ),
    ),
}
_KINDS = {REQUEST: 0, ARGUMENT: 1, PARAMETER: 2}


@dataclass(frozen=True)
class Hit:
    """One place that a rule reports."""

    rule: str
    start: int
    end: int
    message: str
    confidence: float = 1.0
    related: tuple[Related, ...] = ()


@dataclass(frozen=True)
class Judge:
    """Judges the values of one file."""

    view: FileView
    reader: Reader

    def judged(
        self, entry: Sink | Assigned | Returned, value: Value, node: Node, callee: str
    ) -> Iterator[Hit]:
        origins = [each for each in value.origins if entry.rule not in each.safe_for]
        origins.sort(key=lambda each: (_KINDS[each.kind], not each.composed))
        for origin in origins:
            if origin.kind not in entry.sources and origin.kind != PARAMETER:
                continue
            if entry.harmless and re.search(entry.harmless, origin.text):
                continue
            if self._is_guarded(origin, node, entry.rule):
                continue
            hit = self._of_origin(entry, value, origin, node, callee)
            if hit is not None:
                yield hit
                return

    def _of_origin(
        self,
        entry: Sink | Assigned | Returned,
        value: Value,
        origin: Origin,
        node: Node,
        callee: str,
    ) -> Hit | None:
        caller: Far | None = None
        composed = origin.composed
        led = origin.led
        kind = origin.kind
        literal = value.text
        if kind == PARAMETER:
            given = given_to(self.view, self.reader, origin)
            if only_constants(given):
                return None
            known = any(each.value.origins for each in given)
            if given and not known and is_private(self.reader, origin):
                return None
            caller = worst(given)
            if caller is not None:
                kind = caller[1].kind
                composed = composed or caller[1].composed
                led = led or caller[1].led
                literal += " " + caller[0].value.text
        if (kind in entry.led and not led) or (entry.first and led):
            return None
        told = kind == PARAMETER and self._tells(entry, origin)
        if not told and not _counts(entry, kind, literal, composed=composed):
            return None
        return self._hit(entry, origin, caller, node, callee)

    def _hit(
        self,
        entry: Sink | Assigned | Returned,
        origin: Origin,
        caller: Far | None,
        node: Node,
        callee: str,
    ) -> Hit:
        source = self._described(origin, caller)
        what = entry.what.replace("{call}", callee)
        return Hit(
            entry.rule,
            node.start_byte,
            node.end_byte,
            f"{source} {what}",
            confidence={REQUEST: 1.0, ARGUMENT: 0.9}.get(origin.kind, 0.7),
            related=tuple(self._related(origin, caller, node)),
        )

    def _described(self, origin: Origin, caller: Far | None) -> str:
        if origin.kind == PARAMETER:
            name = self._function_name(origin)
            said = f"`{origin.text}`, a parameter of `{name}`," if name else f"`{origin.text}`"
            if caller is not None and caller[1].kind != PARAMETER:
                given = caller[0]
                line = given.site.node.start_point[0] + 1
                where = f"line {line}" if given.path == self.view.path else f"{given.path}:{line}"
                said = f"`{caller[1].text}`, given to `{name}` in {where},"
            return said
        kind = {REQUEST: "from a request", ARGUMENT: "from outside"}[origin.kind]
        return f"`{origin.text}`, {kind},"

    def _function_name(self, origin: Origin) -> str:
        place = origin.node.start_byte
        name = ""
        for symbol in self.view.facts.symbols:
            if (
                symbol.metrics is not None
                and symbol.span.start_byte <= place < symbol.span.end_byte
            ):
                name = symbol.name
        return name

    def _related(self, origin: Origin, caller: Far | None, sink: Node) -> Iterator[Related]:
        seen = {sink.start_point[0]}
        places = [(self.view.path, origin.node, f"`{origin.text}` comes in here")]
        if caller is not None:
            given, far = caller
            places.insert(0, (given.path, given.site.node, f"`{far.text}` is given to it here"))
        places += [
            (self.view.path, each, f"and goes on in `{_short(each)}`")
            for each in reversed(origin.trail)
        ]
        for path, node, message in places[:_MOST_RELATED]:
            line = node.start_point[0]
            if path == self.view.path and line in seen:
                continue
            seen.add(line)
            yield Related(path, line, line, message)

    def _tells(self, entry: Sink | Assigned | Returned, origin: Origin) -> bool:
        """Say whether a parameter's names tell that it is what must not get to a place."""
        if not entry.parameters or not _NAME.fullmatch(origin.text):  # a part of a parameter
            return False
        if self.reader.functions.symbol_of(origin.function) < 0:
            return False
        if entry.rule == "html" and re.search(MAKES_HTML, self._function_name(origin)):
            return False
        names = [origin.text, *(self._passed(origin) if entry.rule == "html" else ())]
        return all(re.search(entry.parameters, each) for each in names)

    @staticmethod
    def _passed(origin: Origin) -> list[str]:
        """Return the names that a value was given on its way."""
        left = [
            each.child_by_field_name("left") or each.child_by_field_name("name")
            for each in origin.trail
        ]
        return [text(each) for each in left if each is not None]

    def _is_guarded(self, origin: Origin, sink: Node, rule: str) -> bool:
        """Say whether a value is compared with what it may be before it gets to the sink."""
        function = self.reader.functions.innermost(sink)
        start = function.start_byte if function is not None else 0
        before = self.view.source[start : sink.start_byte].decode(errors="replace")
        for name in {origin.text, *self._passed(origin)}:
            word = re.escape(name)
            guards = (*_GUARDS, *_GUARDS_OF.get(rule, ()))
            if any(re.search(guard.format(word), before) for guard in guards):
                return True
        return False


def _counts(entry: Sink | Assigned | Returned, kind: str, literal: str, *, composed: bool) -> bool:
    """Say whether a source, and the text that it becomes part of, are what an entry asks for."""
    if kind not in entry.sources or (kind in entry.composed and not composed):
        return False
    whole = kind not in entry.composed and entry.text.endswith("|^$")
    return not entry.text or whole or re.search(entry.text, literal) is not None


def _short(node: Node) -> str:
    written = " ".join(text(node).split())
    return written if len(written) <= 60 else written[:59] + "…"
