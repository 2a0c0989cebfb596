"""How each language's names find their files: one file a language (or a family of them).

A file here ends in `NAMING = Naming(...)`; nothing else is to be told. A language without one has
its local names resolved and unusual names guessed, no more.
"""

from __future__ import annotations

import sys
from functools import cache

from codearch import plugins
from codearch.graph.naming._naming import Naming

__all__ = ["Naming", "namings"]


@cache
def namings() -> dict[str, Naming]:
    """Return each language's naming, by the language's name."""
    found = plugins.load(sys.modules[__name__], "NAMING", Naming)
    return {language: each for each in found.values() for language in each.languages}
