"""Names of temporary files that others can foresee."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-temporary",
    category="security",
    severity=3,
    languages=languages_of("temporary"),
    summary="Names of temporary files that others can foresee.",
    why=(
        "Between the choice of the name and the making of the file, another user puts a file "
        "or a link there."
    ),
    example="tempfile.mktemp()",
    effort_hours=0.3,
    check=checking("temporary"),
    comments=False,
)
