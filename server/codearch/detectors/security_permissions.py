"""Files and folders that everybody on the machine may write."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-permissions",
    category="security",
    severity=3,
    languages=languages_of("permissions"),
    summary="Files and folders that everybody on the machine may write.",
    why=(
        "Any other account, and any program that runs under one, changes what this one reads back."
    ),
    example="os.chmod(path, 0o777)",
    effort_hours=0.2,
    check=checking("permissions"),
    comments=False,
)
