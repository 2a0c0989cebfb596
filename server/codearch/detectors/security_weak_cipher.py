"""Ciphers and modes that are broken: DES, RC4, Blowfish, ECB."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-weak-cipher",
    category="security",
    severity=4,
    languages=languages_of("weak-cipher"),
    summary="Ciphers and modes that are broken: DES, RC4, Blowfish, ECB.",
    why=(
        "What they hide can be read: short keys and blocks are searched through, and ECB "
        "shows which blocks are equal."
    ),
    example="AES.new(key, AES.MODE_ECB)",
    effort_hours=2.0,
    check=checking("weak-cipher"),
    comments=False,
)
