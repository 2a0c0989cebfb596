"""An indexer inside the test's own process: real store, encoder and vectors, no socket."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from codearch.indexer.answers import Answers
from codearch.indexer.engine import Engine
from codearch.indexer.workshop import Workshop
from codearch.settings import Settings, claimed_cache
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class FakeSession:
    """A client's session without a connection."""

    number: int


@dataclass
class Running:
    """An engine at work on a folder."""

    root: Path
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.shop = Workshop(self.root, claimed_cache(self.root))
        self.shop.load_encoder()
        self.engine = Engine(self.shop)
        self.engine.telling.tell = lambda event, told: self.events.append((event, told))
        self.answers = Answers(self.engine, self.shop)
        self._thread = threading.Thread(target=self.engine.run, args=(lambda: False,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave in order."""
        if self._thread.is_alive():
            self.engine.waiting.stop()
            self._thread.join(30)
            self.shop.close()

    def hello(self, session: int = 1) -> None:
        """Introduce a session."""
        self.ask("hello", session)

    def ask(self, method: str, session: int = 1, **params: Any) -> Any:
        """Ask as a client would."""
        return self.answers.answer(FakeSession(session), method, params)

    def index(self) -> dict[str, Any]:
        """Bring the index up to date and return the counters."""
        counters: dict[str, Any] = self.ask("index")
        return counters

    def search(self, query: str, session: int = 1, **params: Any) -> list[str]:
        """Return "path symbol" of each result."""
        found = self.ask("search", session, query=query, limit=10, **params)
        return [f"{hit['symbol']['path']} {hit['symbol']['name']}" for hit in found["hits"]]

    def snapshot(self, session: int = 0) -> Snapshot:
        """Return the read view; open it with `with`."""
        return Snapshot(Reader(self.shop.folder, self.root, session), Settings())
