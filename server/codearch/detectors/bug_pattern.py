"""Code that the team's own patterns, or patterns learned from its fixes, know to be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._patterns import (
    FOLDER,
    Fault,
    Indexed,
    Pattern,
    failures,
    places,
    read_patterns,
    written_instead,
)
from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._patterns.searching import Place

SEVERITY_FAULT = 4  # of a pattern that cannot be used: what it should find is not found
SHOWN_CHARACTERS = 80


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each place that a pattern fits, and what is wrong with patterns."""
    if file.facts.language == "toml":
        if file.path.startswith(FOLDER):
            yield from _faults(file)
        return
    indexed = Indexed(file.source, lambda: file.program.root)
    for where, pattern in _patterns(file):
        for place in places(pattern, file.facts.language, indexed):
            yield _draft(file, where, pattern, place)


def _patterns(file: FileView) -> list[tuple[str, Pattern]]:
    """Return the patterns of a file's language that are looked for, with where they stand."""
    if file.project is None:
        return []
    language = file.facts.language
    return [
        (each.path, pattern)
        for each in file.project.files("toml", FOLDER)
        if each.path.startswith(FOLDER)
        for pattern in read_patterns(file.project.source(each.path)).patterns
        if pattern.accepted and language in pattern.languages
    ]


def _draft(file: FileView, where: str, pattern: Pattern, place: Place) -> Draft:
    span = file.span(place.start_byte, place.end_byte)
    text = " ".join(file.text(span).split())
    instead = written_instead(pattern, place, file.source)
    fix = None
    if instead is not None:
        edits = (Replacement(file.path, span, instead),)
        fix = Fix(f"Write `{_short(instead)}`", safe=False, edits=edits)
    return Draft(
        span=span,
        message=_message(pattern, text, instead, where),
        key=f"{pattern.id}: {text}",
        severity=pattern.severity,
        confidence=pattern.confidence,
        fix=fix,
    )


def _message(pattern: Pattern, text: str, instead: str | None, where: str) -> str:
    """Return what is wrong, what to write, and who says so."""
    known = "has been mended elsewhere" if pattern.learned_from else "is what the team avoids"
    parts = [pattern.message or f"`{_short(text)}` {known}"]
    if instead is not None:
        parts.append(f"write `{_short(instead)}`" if instead.strip() else "leave it out")
    if pattern.learned_from:
        last = pattern.learned_from[-1]
        count = max(pattern.fixes, len(pattern.learned_from))
        fixes = "one fix" if count == 1 else f"{count} fixes, the last"
        day = f", {last.date}" if last.date else ""
        subject = f" “{_short(last.subject)}”" if last.subject else ""
        parts.append(f"learned from {fixes} {last.commit[:10]}{day}{subject}")
    else:
        parts.append(f"pattern {pattern.id} of {where}")
    return "; ".join(parts)


def _faults(file: FileView) -> Iterator[Draft]:
    read = read_patterns(file.source)
    for fault in (*read.faults, *failures(file.source)):
        yield _fault(file, fault)


def _fault(file: FileView, fault: Fault) -> Draft:
    line = min(fault.line, max(len(file.lines) - 1, 0))
    start = file.lines.byte_at(line, 0)
    named = f"pattern {fault.pattern}: " if fault.pattern else ""
    return Draft(
        span=file.span(start, start + len(file.line_text(line).rstrip().encode())),
        message=f"{named}{fault.message}",
        key=f"{fault.pattern}: {fault.message}",
        severity=SEVERITY_FAULT,
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


DETECTOR = FileDetector(
    id="bug-pattern",
    category="bug-risk",
    severity=3,
    languages=ALL_LANGUAGES | {"toml"},
    summary="Code that fits a pattern of `.codearch/patterns/*.toml`: the team's own, or learned.",
    why=(
        "What a team has mended several times is often written once more. A pattern is code with "
        "holes, what to write instead, and examples that it must and must not match; one that "
        "cannot be read, or that gets its own examples wrong, is a finding in its own file."
    ),
    example="text = open(name).read()",
    effort_hours=0.25,
    check=check,
    reads=FOLDER.rstrip("/"),
)
