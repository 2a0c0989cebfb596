"""Formats that make objects of any type, read from what others choose."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-deserialisation",
    category="security",
    severity=5,
    languages=languages_of("deserialisation"),
    summary="Formats that make objects of any type, read from what others choose.",
    why=(
        "Such a document says which code runs while it is read. Formats of plain data, and "
        "readers that only know safe types, are left alone."
    ),
    example="pickle.loads(request.data)",
    effort_hours=2.0,
    check=checking("deserialisation"),
    comments=False,
)
