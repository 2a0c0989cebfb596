"""Tokens, passwords and keys from generators that can be predicted."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-random",
    category="security",
    severity=4,
    languages=languages_of("random"),
    summary="Tokens, passwords and keys from generators that can be predicted.",
    why=(
        "A few values that are seen tell all that follow. Random numbers that guard nothing "
        "are left alone: names decide."
    ),
    example="token = random.choice(letters)",
    effort_hours=0.3,
    check=checking("random"),
    comments=False,
)
