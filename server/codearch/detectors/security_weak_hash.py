"""MD5 and SHA-1 where nothing says that it is only a checksum."""

from __future__ import annotations

from codearch.detectors._detector import FileDetector
from codearch.detectors._security.rules import checking, languages_of

DETECTOR = FileDetector(
    id="security-weak-hash",
    category="security",
    severity=3,
    languages=languages_of("weak-hash"),
    summary="MD5 and SHA-1 where nothing says that it is only a checksum.",
    why=(
        "Collisions of both are made at will, and passwords hashed with them are guessed by "
        "the billion a second. Where names speak of a checksum, a cache key or a file, "
        "nothing is reported; nor where the hash goes into a request, is compared with one that "
        "was given, or names a file: others compute it as well."
    ),
    example="hashlib.md5(password).hexdigest()",
    effort_hours=1.0,
    check=checking("weak-hash"),
    comments=False,
)
