"""A window on a server that soon tries again what failed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from freshness import hurried
from streams import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Window(Session):
    """A window that remembers the last status that it was told unasked."""

    told: dict[str, Any] | None = None

    def __init__(self, root: Path, python: Sequence[str] = (sys.executable,)) -> None:
        super().__init__(root, (*python, hurried.__file__), quiet=True)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def heard(self, status: dict[str, Any]) -> None:
        self.told = status

    def says(self, state: str, health: str) -> bool:
        """Say whether the last status that was told unasked is of this kind."""
        told = self.told
        return told is not None and (told["state"], told["health"]) == (state, health)

    def lost(self) -> bool:
        """Ask the server whether it has no indexer."""
        return bool(self.command("status")["health"] == "error")

    def found(self, query: str) -> tuple[list[str], bool]:
        """Return the names that a search finds, and whether it was complete."""
        answer = self.command("search", query=query)
        return [hit["symbol"] for hit in answer["results"]], answer["complete"]
