"""Paths that a request, an upload or an argument names, unchecked."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-path",
    category="security",
    severity=4,
    languages=languages_of("path"),
    summary="Paths that a request, an upload or an argument names, unchecked.",
    why=(
        "`../../etc/passwd` is a name as well. Whole paths that the user of a program gives "
        "on its command line are their own business; a base name, and what was checked, are "
        "left alone."
    ),
    example='open("reports/" + request.args["name"])',
    effort_hours=0.5,
    check=checking("path"),
    comments=False,
)
