"""One old file, judged by the rules of today."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors import FileDetector, FileView, all_rules, rules_version, run_file, runs
from codearch.history.alignment import BLANK, line_keys
from codearch.index.content import refused_by_content, refused_by_name
from codearch.index.prepare import PARSER_VERSION, body_hashes
from codearch.index.test_paths import is_test_path
from codearch.languages import by_path
from codearch.parse import parse
from codearch.scores import Place, effort_hours
from codearch.secrets import hidden
from codearch.text import as_utf8
from codearch.trends.records import OldFile, OldFinding, OldSymbol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codearch.detectors import Rule
    from codearch.facts import FileFacts, Finding, SymbolFact
    from codearch.settings import RuleSettings

_HEAD_BYTES = 8192
_SKETCH = 6  # hashes of lines
_SHORT = 0xFFFF  # of a hash: many are kept, few compared
_BODY = 0xFFFF_FFFF
_LEAST_LINES = 4  # that are not blank: of fewer nothing can be told
FORM = 1  # grows with what is kept of a file


class Studied(NamedTuple):
    """What files are judged by, and the name of it: another one finds other things."""

    rules: Mapping[str, RuleSettings]
    version: str

    @classmethod
    def by(cls, rules: Mapping[str, RuleSettings], exclude: Sequence[str]) -> Studied:
        """Return what these settings mean."""
        said = repr((FORM, PARSER_VERSION, rules_version(), sorted(rules.items()), list(exclude)))
        return cls(rules, hashlib.blake2b(said.encode(), digest_size=8).hexdigest())


def rules_at_all_times(rules: Mapping[str, RuleSettings]) -> tuple[list[FileDetector], list[str]]:
    """Return the rules that need no more than a file, and the names of those that do."""
    running = [rule for rule in all_rules().values() if runs(rule, rules)]
    known = [rule for rule in running if isinstance(rule, FileDetector) and not rule.history]
    return known, [rule.id for rule in running if not _is_among(rule, known)]


def _is_among(rule: Rule, known: Sequence[FileDetector]) -> bool:
    return any(each is rule for each in known)


def study(path: str, data: bytes, rules: Mapping[str, RuleSettings]) -> OldFile:
    """Return what is kept of a file; never raises for broken source."""
    language = by_path(path, data[:_HEAD_BYTES])
    if language is None or refused_by_name(path) or refused_by_content(path, data[:_HEAD_BYTES]):
        return OldFile()
    facts = parse(data, language)
    source = hidden(as_utf8(data), facts.secrets)
    view = FileView(path, facts, source, test=is_test_path(path), generated=facts.generated)
    findings = run_file(rules_at_all_times(rules)[0], view, rules)
    spoken_of = {finding.symbol for finding in findings}
    places = [
        place
        for place, symbol in enumerate(facts.symbols)
        if symbol.metrics is not None or (symbol.kind != "module" and _name(symbol) in spoken_of)
    ]
    bodies, keys = body_hashes(facts, source), line_keys(source)
    symbols = [_symbol(facts.symbols[place], bodies[place], keys) for place in places]
    return OldFile(
        tuple(symbols),
        tuple(_finding(each, facts, places, view) for each in findings),
    )


def _symbol(symbol: SymbolFact, body: int, keys: Sequence[int]) -> OldSymbol:
    metrics = symbol.metrics
    sizes = (metrics.code_lines, metrics.cognitive, metrics.cyclomatic) if metrics else (-1, 0, 0)
    own = {key for key in keys[symbol.span.line + 1 : symbol.span.end_line + 1] if key != BLANK}
    sketch = sorted(key & _SHORT for key in own)[:_SKETCH] if len(own) >= _LEAST_LINES else ()
    return OldSymbol(_name(symbol), symbol.kind, *sizes, body & _BODY, tuple(sketch))


def _finding(
    finding: Finding, facts: FileFacts, places: Sequence[int], view: FileView
) -> OldFinding:
    place = _place(finding, facts, places)
    symbol = facts.symbols[places[place]] if place >= 0 else None
    metrics = symbol.metrics if symbol is not None else None
    known = Place(metrics.code_lines, metrics.cognitive) if metrics is not None else Place()
    hours = effort_hours(finding, known)
    if symbol is not None and finding.span.start_byte == symbol.span.start_byte:
        return OldFinding(finding.rule, place, 0, hours)  # whatever its first line says by now
    line = " ".join(view.line_text(finding.span.line).split())
    own = finding.symbol.rpartition(".")[2]
    if own:
        line = re.sub(rf"\b{re.escape(own)}\b", "\0", line)
    mark = hashlib.blake2b(line.encode(), digest_size=4).digest()
    return OldFinding(finding.rule, place, int.from_bytes(mark, "big"), hours)


def _place(finding: Finding, facts: FileFacts, places: Sequence[int]) -> int:
    """Return which of the kept symbols a finding names, the one around it where several do."""
    named = [n for n, place in enumerate(places) if _name(facts.symbols[place]) == finding.symbol]
    at = finding.span.start_byte
    spans = [(n, facts.symbols[places[n]].span) for n in named]
    around = [n for n, span in spans if span.start_byte <= at < span.end_byte]
    return (around or named or [-1])[0]


def _name(symbol: SymbolFact) -> str:
    return f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name
