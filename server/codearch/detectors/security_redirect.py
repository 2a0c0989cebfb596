"""Redirects to where a request says."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-redirect",
    category="security",
    severity=3,
    languages=languages_of("redirect"),
    summary="Redirects to where a request says.",
    why=(
        "A link to this site that ends on another one is what phishing needs. Paths of the "
        "site itself and what was compared with what it may be are left alone."
    ),
    example='redirect(request.args["next"])',
    effort_hours=0.5,
    check=checking("redirect"),
    comments=False,
)
