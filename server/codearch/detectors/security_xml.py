"""XML readers that follow entities to files and addresses."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-xml",
    category="security",
    severity=4,
    languages=languages_of("xml"),
    summary="XML readers that follow entities to files and addresses.",
    why=(
        "A document that names an entity `file:///etc/passwd` gets it (XXE). Readers whose "
        "features are set in the same function are left alone."
    ),
    example="DocumentBuilderFactory.newInstance().newDocumentBuilder()",
    effort_hours=0.5,
    check=checking("xml"),
    comments=False,
)
