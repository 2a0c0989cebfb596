"""Text from others that is run as code."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-eval",
    category="security",
    severity=5,
    languages=languages_of("eval"),
    summary="Text from others that is run as code.",
    why=(
        "Whoever chooses the text runs what they like with the rights of the program. "
        "Constants and parsers of plain values are left alone."
    ),
    example="eval(expression)",
    effort_hours=1.0,
    check=checking("eval"),
    comments=False,
)
