"""Comments whose numbers, names or units contradict the code beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._comments import named_units
from codearch.detectors._comments.arguments import misnamed_arguments
from codearch.detectors._comments.beside import beside
from codearch.detectors._comments.closing import misnamed_ends
from codearch.detectors._comments.counts import miscount
from codearch.detectors._comments.defaults import wrong_defaults
from codearch.detectors._comments.left_behind import left_behind
from codearch.detectors._comments.loops import wrong_rounds
from codearch.detectors._comments.named_units import misnamed_unit
from codearch.detectors._comments.quantities import contradiction
from codearch.detectors._comments.remarks import remarks
from codearch.detectors._comments.said import NUMBER_WORDS
from codearch.detectors._comments.spoken_defaults import misspoken_defaults
from codearch.detectors._comments.worked_out import miscalculated
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._origins import commit_of, dated, mark_of, since, told
from codearch.facts import Related

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.detectors._comments.beside import Beside
    from codearch.detectors._comments.quantities import Contradiction
    from codearch.detectors._comments.remarks import Asked
    from codearch.detectors._detector import FilePast
    from codearch.snapshot.origins import Origin

ID = "stale-comment"
_NUMBERS = re.compile(rf"\d|(?i:\b(?:{'|'.join(NUMBER_WORDS)}|half an?|an hour|twice|thrice)\b)")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each comment that says otherwise than the code beside it.

    Or than a commit has made it: it said the same until then.
    """
    drafts = list(_contradictions(file))
    origins = told(file)
    yield from dated(file, ID, drafts, origins)
    for each in _asked(file, drafts) if origins else ():
        origin = origins.get(each.key)
        if origin is not None:
            yield _left_behind(each, origin)


def asks(file: FileView) -> Iterator[str]:
    """Yield what history is to be asked: of contradictions, and of what a comment alone names."""
    drafts = list(_contradictions(file))
    for draft in drafts:
        yield mark_of(file, ID, draft)
    for each in _asked(file, drafts):
        yield each.key


def origins_of(file: FileView, past: FilePast) -> dict[str, Origin | None]:
    """Return the commits from which on comments contradict the code, where history knows them."""
    drafts = list(_contradictions(file))
    found = left_behind(file, _asked(file, drafts), past)
    return found | (since(file, ID, _contradictions, past) if drafts else {})


def _asked(file: FileView, drafts: Sequence[Draft]) -> list[Asked]:
    """Return the comments of which history is asked: those that contradict nothing as they are."""
    known = [each.span.start_byte for each in drafts]
    return [
        each
        for each in remarks(file)
        if not any(each.span.start_byte <= byte < each.span.end_byte for byte in known)
    ]


def _left_behind(each: Asked, origin: Origin) -> Draft:
    if origin.now[:1].isdigit():
        message = (
            f"the comment says {origin.word}, as the code beside it did until"
            f" {commit_of(origin)} put {origin.now} for {origin.was}"
        )
    else:
        what = f"put `{origin.now}` in its place" if origin.now else "took it away"
        message = (
            f"the comment names `{origin.word}`, which stood in the code beside it until"
            f" {commit_of(origin)} {what}"
        )
    return Draft(span=each.span, message=message, key=f"{origin.word} {each.remark.lines[0]}")


def _contradictions(file: FileView) -> Iterator[Draft]:
    broken = {error.line for error in file.facts.errors}
    yield from _numbers_and_units(file, broken)
    yield from _defaults(file)
    yield from _names(file)


def _numbers_and_units(file: FileView, broken: set[int]) -> Iterator[Draft]:
    for each in beside(file, _NUMBERS):
        found = (
            contradiction(each, file.facts.language)
            or wrong_rounds(file, each)
            or miscount(each)
            or miscalculated(each)
        )
        if found and each.line not in broken:
            yield _draft(file, each, found)
    for each in beside(file, named_units.SIGN):
        found = misnamed_unit(each)
        if found and each.line not in broken:
            yield _draft(file, each, found)


def _draft(file: FileView, each: Beside, found: Contradiction) -> Draft:
    start, end = each.start_byte, each.end_byte
    at = file.source.find(found.said.encode(), start, end)
    if at >= 0:
        start, end = at, at + len(found.said.encode())
    return Draft(span=file.span(start, end), message=found.message, key=found.message)


def _defaults(file: FileView) -> Iterator[Draft]:
    for wrong in (*wrong_defaults(file), *misspoken_defaults(file)):
        yield Draft(
            span=wrong.span,
            message=(
                f"the {wrong.where} that `{wrong.parameter}` is {wrong.said} by default, "
                f"but `{wrong.symbol.name}` gives it {wrong.given}"
            ),
            symbol=wrong.symbol,
            key=f"{wrong.parameter}={wrong.said}",
        )


def _names(file: FileView) -> Iterator[Draft]:
    for end in misnamed_ends(file):
        yield Draft(
            span=end.comment.span,
            message=(
                f"the comment says that `{end.said}` ends here, but it is `{end.ended}`, "
                f"which begins in line {end.opened + 1}"
            ),
            key=end.said,
            related=(Related(file.path, end.opened, end.opened, "what ends begins here"),),
        )
    for argument in misnamed_arguments(file):
        line = argument.function.span.line
        yield Draft(
            span=argument.comment.span,
            message=(
                f"the comment calls the argument `{argument.said}`, but `{argument.function.name}` "
                f"takes it as `{argument.parameter}`"
            ),
            key=argument.said,
            related=(
                Related(file.path, line, line, f"`{argument.function.name}` is defined here"),
            ),
        )


DETECTOR = FileDetector(
    id=ID,
    category="documentation",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Comments whose numbers, names or units contradict the code beside them.",
    why=(
        "One of both is wrong: mostly the code was changed and its comment stayed, and whoever "
        "reads it next believes the comment. Looked at are durations, sizes, shares and counts "
        "beside the one number that they can mean, units beside names that have one, results "
        "beside what comes out, rounds of loops, defaults beside the signature, names behind "
        "`#endif` and closing braces, and names of arguments; and, where git tells it, what a "
        "comment names and a commit replaced beside it. What says too little to be wrong, or "
        "speaks of another number, is left alone."
    ),
    example="REQUEST_TIMEOUT = 5 * 60  # 10 minutes",
    effort_hours=0.1,
    check=check,
    asks=asks,
    origins=origins_of,
)
