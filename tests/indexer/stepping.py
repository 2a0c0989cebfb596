"""An engine that works as far as a test lets it, on the test's own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.indexer.engine import Engine
from codearch.indexer.workshop import Workshop
from codearch.settings import Settings, claimed_cache
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from pathlib import Path


class Stepping:
    """An engine of one root, with one session."""

    def __init__(self, root: Path) -> None:
        self.shop = Workshop(root, claimed_cache(root))
        self.engine = Engine(self.shop)
        self.engine.waiting.join(1, scan=True)

    def until(self, ended: Callable[[], bool]) -> None:
        """Work until something holds."""
        self.engine.run(ended)

    def settle(self, steps: Iterable[str] = ()) -> None:
        """Work until a flush is done, all of it or these steps alone."""
        self._until_done(self.engine.waiting.flush(steps))

    def read_history(self) -> None:
        """Work until the history of all files has been read."""
        self._until_done(self.engine.waiting.look(""))

    def value(self, query: str) -> str:
        """Return what a query of the store gives."""
        return str(self.shop.connection.execute(query).fetchone()[0])

    def notes(self, path: str, session: int = 0) -> list[str]:
        """Return what the findings of notes in a file say."""
        reader = Reader(self.shop.folder, self.shop.root, session)
        with Snapshot(reader, Settings()) as snapshot:
            return [each.message for each in snapshot.findings(rule="todo", path=path)]

    def _until_done(self, ticket: Future[int] | Future[None]) -> None:
        self.until(ticket.done)
        ticket.result()
