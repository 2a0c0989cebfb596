"""Connections whose certificates or host keys are not checked."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-certificates",
    category="security",
    severity=4,
    languages=languages_of("certificates"),
    summary="Connections whose certificates or host keys are not checked.",
    why=(
        "Encryption without knowing whom one talks to keeps nobody out: whoever is on the way "
        "reads and changes all."
    ),
    example="requests.get(url, verify=False)",
    effort_hours=0.5,
    check=checking("certificates"),
    comments=False,
)
