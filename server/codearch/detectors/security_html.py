"""HTML that is put together of what others choose, without escaping."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-html",
    category="security",
    severity=4,
    languages=languages_of("html"),
    summary="HTML that is put together of what others choose, without escaping.",
    why=(
        "The value may bring a script that acts as whoever looks at the page. What was "
        "escaped, text properties and templates that escape are left alone."
    ),
    example="element.innerHTML = '<b>' + name",
    effort_hours=0.5,
    check=checking("html"),
    comments=False,
)
