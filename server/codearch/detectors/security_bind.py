"""Servers that listen on all interfaces by a constant in code."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-bind",
    category="security",
    severity=2,
    languages=languages_of("bind"),
    summary="Servers that listen on all interfaces by a constant in code.",
    why=(
        "A development server in a café, or a database on a machine with a public address, is "
        "then open to all. Addresses from settings are left alone."
    ),
    example='server.bind(("0.0.0.0", 8000))',
    effort_hours=0.2,
    check=checking("bind"),
    comments=False,
)
