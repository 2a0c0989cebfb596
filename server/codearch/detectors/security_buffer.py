"""C's copies, formats and reads without a bound, and memory that is taken on trust."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-buffer",
    category="security",
    severity=5,
    languages=languages_of("buffer"),
    summary="C's copies, formats and reads without a bound, and memory that is taken on trust.",
    why=(
        "What is longer than the array overwrites what lies behind it. Reported where the "
        "target is an array of fixed size in the same function and the length is looked at "
        "nowhere, or where no call can be right."
    ),
    example="char name[16]; strcpy(name, argv[1]);",
    effort_hours=0.5,
    check=checking("buffer"),
    comments=False,
)
