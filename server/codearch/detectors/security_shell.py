"""Commands that a shell reads, put together of what others choose."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-shell",
    category="security",
    severity=5,
    languages=languages_of("shell"),
    summary="Commands that a shell reads, put together of what others choose.",
    why=(
        "A shell takes `;`, `|` and `$()` in the value for its own. Commands given as a list "
        "without a shell, constants, and what was quoted for a shell are left alone."
    ),
    example='os.system("ping " + host)',
    effort_hours=0.5,
    check=checking("shell"),
    comments=False,
)
