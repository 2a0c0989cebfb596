"""Definitions and constants that nothing in the workspace uses, nor can use from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._detector import ProjectDetector, ProjectView
from codearch.detectors._unused.known import Known
from codearch.detectors._unused.reading import extract, read
from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.search import dead
from codearch.detectors._unused.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import Deferred


def check(view: ProjectView) -> Iterator[Deferred]:
    """Yield one finding for each definition that cannot be reached."""
    known: Known = view.memory.setdefault("known", Known())
    read(view, known)
    if known.dead is None:
        known.dead = tuple(dead(known))
    yield from Telling(view, known.dead, known.looked).told()


DETECTOR = ProjectDetector(
    id="unused-symbol",
    category="dead-code",
    severity=3,
    languages=frozenset(RULES),
    summary="Functions, methods, types, constants that nothing uses, or only what is dead as well.",
    why=(
        "Dead code is read, mended and translated like all other, and whoever looks for the way "
        "something is done may find the way it is not. Only what cannot be used from outside is "
        "looked at: private names, and public ones where manifests say that the code is a program "
        "and no library. A mention that could mean it saves a name: in code, in a string, a "
        "template, a settings file or a document. Calling itself saves nothing, nor does a call "
        "by dead code. Public names of libraries, overrides, decorated definitions and names that "
        "a language or a framework calls are left alone."
    ),
    example="def _old_total(lines): ...  # and no `_old_total` anywhere else",
    effort_hours=0.2,
    reported_by={
        "javascript": "tsserver (as a hint)",
        "typescript": "tsserver (as a hint)",
        "java": "Eclipse JDT LS",
        "go": "gopls",
        "rust": "rust-analyzer",
        "csharp": "Roslyn",
    },
    check=check,
    extract=extract,
    texts=True,
)
