"""Which of two versions of the product keeps the index of a root where both are at work."""

from __future__ import annotations

import re

from codearch import __version__

_RELEASE = re.compile(r"\d+(?:\.\d+)*")
_BEFORE_RELEASE = re.compile(r"[.-]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)", re.IGNORECASE)


def is_newer(version: str, than: str = __version__) -> bool:
    """Say whether a version is the newer one; of two different ones exactly one is."""
    return _order(version) > _order(than)


def _order(version: str) -> tuple[tuple[int, ...], bool, str]:
    match = _RELEASE.match(version)
    if match is None:
        return (), False, version
    rest = version[match.end() :]
    numbers = tuple(int(part) for part in match[0].split("."))
    return numbers, not _BEFORE_RELEASE.match(rest), rest
