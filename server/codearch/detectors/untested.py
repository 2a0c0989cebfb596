"""Complex functions, in files that change often, that no test reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, ProjectDetector, ProjectView
from codearch.detectors._reached.coverage import coverage
from codearch.detectors._reached.names import reached
from codearch.facts import CALLABLE_KINDS, TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.detectors._reached.coverage import Ran
    from codearch.detectors._reached.names import Reached
    from codearch.facts import FileFacts, SymbolFact

_OWN = re.compile(r"^(?:\w+ )*(?:private|static) ")  # no base calls such a method by its name
_INTERFACE = re.compile(r"(?:\w+\.)*I[A-Z]\w+")
_LEAST_LINES = 3  # that could have run
_NEUTRAL = ("static", "class", "property", "override", "abstract", "cache", "lru_cache", "inline")


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield one finding for each complex function of a busy file that nothing tests."""
    project = view.project
    past = project.past()
    if past is None:
        return
    files = [file for file in project.files() if file.language in ALL_LANGUAGES]
    busy = {
        path: history.recent
        for path, history in past.files.items()
        if history.recent >= view.limits["changes"]
    }
    candidates = [file for file in files if file.path in busy and not file.test]
    if not candidates:
        return
    ran = coverage(project)
    names = None
    for file in candidates:
        if file.generated:
            continue
        project.check_cancelled()
        own = view.view(file.path)
        for symbol in _complex(own.facts, int(view.limits["complexity"])):
            if file.path in ran:
                evidence = _not_run(symbol, ran[file.path])
            else:
                names = names or reached(project, files)
                evidence = _not_named(own.facts, symbol, names)
            if evidence:
                yield _draft(own, symbol, busy[file.path], evidence)


def _complex(facts: FileFacts, limit: int) -> Iterator[SymbolFact]:
    for symbol in facts.symbols:
        if symbol.kind not in CALLABLE_KINDS or symbol.metrics is None or symbol.test:
            continue
        inside = symbol.parent >= 0 and facts.symbols[symbol.parent].kind in CALLABLE_KINDS
        if symbol.metrics.cognitive >= limit and not inside:
            yield symbol


def _not_run(symbol: SymbolFact, ran: Ran) -> str:
    """Say that no line of a body ran; "" where one did, or too few could have."""
    body = range(symbol.span.line + 2, symbol.span.end_line + 2)  # from 1 on, without the header
    if not ran.hit.isdisjoint(body):
        return ""
    if ran.missed is None:
        return f"nothing in it ran (`{ran.said_by}`)" if len(body) >= _LEAST_LINES else ""
    missed = len(ran.missed.intersection(body))
    return f"none of its {missed} lines ran (`{ran.said_by}`)" if missed >= _LEAST_LINES else ""


def _not_named(facts: FileFacts, symbol: SymbolFact, names: Reached) -> str:
    """Say that no way leads from a test to a function; "" where one may."""
    if not names.tests or symbol.name.encode() in names.names:
        return ""
    if any(not _is_neutral(each) for each in symbol.decorators) or symbol.name.startswith("__"):
        return ""  # a framework may call it
    owner = facts.symbols[symbol.parent] if symbol.parent >= 0 else None
    if owner and owner.kind in TYPE_KINDS | {"impl"}:
        if symbol.name in {owner.name, "constructor"}:
            return ""
        if owner.name.encode() in names.names and _may_be_called_by_base(facts, symbol, owner):
            return ""
    files = "the only file" if names.tests == 1 else f"the {names.tests} files"
    return f"nothing that leads there is named in {files} with tests"


def _may_be_called_by_base(facts: FileFacts, symbol: SymbolFact, owner: SymbolFact) -> bool:
    """Say whether what a type inherits from may know a method, by what the language wants said."""
    if not owner.bases or _OWN.search(symbol.signature):
        return False
    if facts.language == "java":
        return any("override" in each.lower() for each in symbol.decorators)
    if facts.language == "csharp":  # which says so of base classes alone
        interface = any(_INTERFACE.match(each) for each in owner.bases)
        return interface or "override" in symbol.signature
    return True


def _is_neutral(decorator: str) -> bool:
    words = decorator.lower().strip("@[]#()").replace(".", "_")
    return any(words.startswith(each) or words.endswith(each) for each in _NEUTRAL)


def _draft(file: FileView, symbol: SymbolFact, changes: int, evidence: str) -> Draft:
    metrics = symbol.metrics
    complexity = metrics.cognitive if metrics else 0
    return Draft(
        path=file.path,
        span=file.first_line(symbol),
        message=(
            f"no test reaches `{symbol.name}`: {evidence}; its cognitive complexity is "
            f"{complexity}, and {changes} commits changed this file within a year"
        ),
        symbol=symbol,
        key="untested",
        effort_hours=round(0.5 + complexity / 20, 1),
    )


DETECTOR = ProjectDetector(
    id="untested",
    category="tests",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Complex functions, in files that change often, that no test reaches.",
    why=(
        "Whoever changes it next learns from its users whether it still works. Where coverage.py, "
        "lcov, JaCoCo or Cobertura left a file, the lines that ran decide; elsewhere a function "
        "counts as reached if its name stands anywhere on the ways that begin in tests, in a "
        "string too, or if a decorator or a base class may call it. What is simple, what seldom "
        "changes, and a workspace without tests or without history are left alone."
    ),
    example="def settle(order): ...  # twenty branches, a dozen commits, and no test",
    effort_hours=1.0,
    on=False,
    history=True,
    limits={"complexity": 15, "changes": 5},
    check=check,
    texts=True,
)
