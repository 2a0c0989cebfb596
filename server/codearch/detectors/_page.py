"""Where a rule's page lies: what it reports and what it leaves alone, shown on sources."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PACKAGED = _PACKAGE / "detectors" / "pages"
_IN_TREE = _PACKAGE.parents[1] / "tests" / "cases" / "detectors"


@lru_cache(maxsize=256)
def page_of(rule: str) -> Path | None:
    """Return the rule's page, in the installed package, else in the source tree."""
    found = (folder / f"{rule}.md" for folder in (_PACKAGED, _IN_TREE))
    return next((page for page in found if page.is_file()), None)
