"""Statements that no way through their function reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._dead_code import DeadCode, core_of, dead_code
from codearch.detectors._dead_lines import doubtful_places
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._kept_dead_code import kept
from codearch.facts import Fix, Related, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where to take statements away can leave a variable or an import without a use, or a value without
# its type, which the compiler refuses.
_REFUSES_UNUSED = frozenset({"go", "rust"})
_SHOWN_CHARACTERS = 40
_WORD = re.compile(r"@?yield \w+|@?\w+")
_CALLEE = re.compile(r"[\w.:$]+!?")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each run of statements that nothing reaches."""
    places = doubtful_places(file.source, file.facts.language, file.facts.comments)
    if not places:
        return
    for dead in dead_code(file, places):
        if kept(file, dead):
            continue
        span = file.span(dead.start, dead.end)
        cause = file.lines.position(dead.cause.start_byte)[0]
        lines = span.end_line - span.line + 1
        what = "this line is" if lines == 1 else f"these {lines} lines are"
        yield Draft(
            span=span,
            message=f"{what} never reached: {_why(file, dead, cause + 1)}",
            severity=1 if _is_lone_break(dead) else None,
            confidence=0.9 if dead.reason in {"call", "condition"} else 1.0,
            fix=_removal(file, dead, lines),
            related=(Related(file.path, cause, cause, "keeps the flow away"),),
        )


def _why(file: FileView, dead: DeadCode, line: int) -> str:
    """Say what keeps the flow away, and where."""
    core = core_of(dead.program, dead.cause)
    text = " ".join(file.source[core.start_byte : core.end_byte].decode(errors="replace").split())
    word = _first(_WORD, text)
    if dead.reason == "jump":
        return f"`{word}` in line {line} leaves before"
    if dead.reason == "call":
        return f"`{_first(_CALLEE, text)}` in line {line} does not return"
    if dead.reason == "loop":
        return f"the `{word}` of line {line} has no end, and nothing leaves it for here"
    if dead.reason == "ways":
        return f"each way through the `{word}` of line {line} leaves before"
    shown = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
    return f"the condition `{shown.strip('() ') or shown}` in line {line} never changes"


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.match(text)
    return found.group() if found is not None else text[:1]


def _is_lone_break(dead: DeadCode) -> bool:
    """Say whether it is the `break` that many write at the end of each case."""
    return len(dead.statements) == 1 and dead.statements[0].type == "break_statement"


def _is_whole_block(dead: DeadCode) -> bool:
    """Say whether nothing would be left of a block that indentation alone makes."""
    block = dead.statements[0].parent
    if block is None or block.type != "block" or block.start_byte != dead.start:
        return False
    return dead.program.language.name == "python" and block.end_byte <= dead.end


def _removal(file: FileView, dead: DeadCode, lines: int) -> Fix | None:
    """Return the edit that takes the statements away, where others stand before them."""
    if dead.reason == "condition" or dead.hoisted or _is_whole_block(dead):
        return None
    start, end = dead.start, dead.end
    source = file.source
    line_start = source.rfind(b"\n", 0, start) + 1
    line_end = source.find(b"\n", end)
    line_end = len(source) if line_end < 0 else line_end + 1
    if not source[line_start:start].strip() and not source[end:line_end].strip():
        start, end = line_start, line_end
    binds = any(start <= each.span.start_byte < end for each in file.facts.definitions)
    safe = not binds and file.facts.language not in _REFUSES_UNUSED
    title = "Remove the line that is never reached"
    if lines > 1:
        title = f"Remove the {lines} lines that are never reached"
    return Fix(title, safe, (Replacement(file.path, file.span(start, end), ""),))


DETECTOR = FileDetector(
    id="unreachable-code",
    category="dead-code",
    severity=3,
    languages=ALL_LANGUAGES,
    summary="Statements that no way through their function reaches.",
    why=(
        "Readers take them for something that happens, and what they should have done does not. "
        "They stand after a `return`, a `raise`, a `continue`, a call that ends the program, a "
        "loop without an end or a statement whose every way leaves, or under a condition that is a "
        "constant. Conditions with a name (feature flags, platforms), both sides of an `#if`, "
        "guards after a choice that leaves nothing out, and a `return` that only the compiler "
        "wants are left alone."
    ),
    example="return total\nlog(total)",
    effort_hours=0.2,
    reported_by={
        "python": "Pyright and Pylance (as a hint)",
        "javascript": "tsserver (as a hint)",
        "typescript": "tsserver",
        "java": "Eclipse JDT LS",
        "go": "gopls",
        "rust": "rust-analyzer",
        "csharp": "Roslyn",
    },
    check=check,
    comments=False,
)
