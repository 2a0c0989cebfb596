"""SQL that is put together of what others choose."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-sql",
    category="security",
    severity=5,
    languages=languages_of("sql"),
    summary="SQL that is put together of what others choose.",
    why=(
        "Whoever chooses the value writes the statement: they read and change what they like. "
        "A parameter counts unless every caller in sight passes constants, and only where it "
        "becomes part of a text that is SQL; values that are bound, numbers, and what is "
        "compared with a list of what it may be, do not."
    ),
    example="cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")",
    effort_hours=1.0,
    check=checking("sql"),
    comments=False,
)
