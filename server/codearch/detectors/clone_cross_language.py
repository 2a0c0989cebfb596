"""The same algorithm in several languages of one repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms.comparing import Known, Reader, algorithms
from codearch.detectors._algorithms.telling import draft_of
from codearch.detectors._detector import ALL_LANGUAGES, Draft, ProjectDetector, ProjectView

if TYPE_CHECKING:
    from collections.abc import Iterator

_known = Known()


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield one finding for each algorithm that stands in more than one language."""
    reader = Reader(view)
    for same in algorithms(view, reader, _known):
        yield draft_of(reader, same)


DETECTOR = ProjectDetector(
    id="clone-cross-language",
    category="duplication",
    severity=3,
    languages=ALL_LANGUAGES,
    summary="The same algorithm in another language of this repository.",
    why=(
        "A rule that a server and its clients each write down parts company with the first change "
        "that reaches one of them alone. Functions are compared by what they do, not by how they "
        "are written: their operations with what these are done to, constants, loops, and the "
        "roles of calls that languages name differently. Where an operator, a bound or a constant "
        "is another one, nothing is said: that may be meant. Short functions, tests and generated "
        "code are left out, and so are C beside C++ and JavaScript beside TypeScript, which the "
        "rule on clones compares."
    ),
    example="def luhn(number): ...      func Luhn(number string) bool { ... }",
    effort_hours=1.5,
    # It reads every function of the workspace once in each process.
    on=False,
    limits={"percent": 49, "bits": 25},
    check=check,
    texts=True,
)
