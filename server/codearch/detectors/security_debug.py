"""Servers that are started with debugging on."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-debug",
    category="security",
    severity=3,
    languages=languages_of("debug"),
    summary="Servers that are started with debugging on.",
    why=(
        "Their error pages show sources and settings, and some run what visitors type. Values "
        "read from settings are left alone."
    ),
    example="app.run(debug=True)",
    effort_hours=0.2,
    check=checking("debug"),
    comments=False,
)
