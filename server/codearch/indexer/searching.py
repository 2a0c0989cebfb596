"""Searches inside the indexer, where the vectors and the words are at hand; on the service's threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.search import NEAREST, Query, parse_query, search
from codearch.search.stored import StoredCatalogue
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from codearch.indexer.workshop import Workshop


class Searching:
    """Keeps a read connection for each session."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._readers: dict[int, Reader] = {}
        self._lock = threading.Lock()
        self._catalogue = StoredCatalogue()

    def forget(self, session: int) -> None:
        """Give back what a session that has gone held."""
        with self._lock:
            reader = self._readers.pop(session, None)
        if reader is not None:
            reader.close()

    def forget_all(self) -> None:
        """Give back everything: the store is about to be replaced."""
        for session in list(self._readers):
            self.forget(session)
        self._catalogue.forget()

    def search(self, session: int, params: dict[str, Any], *, ready: bool) -> dict[str, Any]:
        """Answer `search`; what vectors know is asked for first, so that the lock is held briefly."""
        query = parse_query(
            params["query"],
            language=params.get("language"),
            kind=params.get("kind"),
            path=params.get("path"),
            mode=params.get("mode", "hybrid"),
        )
        nearest = self._nearest(query)
        with self._snapshot(session) as snapshot:
            view = self._catalogue.view(snapshot.connection, snapshot.generation)
            hits = search(view, snapshot, query, params["limit"], nearest)
            return {
                "hits": msgspec.to_builtins(hits),
                "complete": ready,
                "generation": snapshot.generation,
            }

    def _nearest(self, query: Query) -> list[tuple[int, float]]:
        """Return the passages nearest in meaning; none where vectors are missing or not wanted."""
        embedder = self._shop.embedder
        if query.mode == "lexical" or not query.text or embedder.vectors is None:
            return []
        vector = embedder.query(query.text)
        return [] if vector is None else embedder.vectors.search(vector, NEAREST)

    def similar(self, session: int, params: dict[str, Any], *, ready: bool) -> dict[str, Any]:
        """Answer `similar`."""
        raise NotImplementedError

    def _snapshot(self, session: int) -> Snapshot:
        with self._lock:
            reader = self._readers.get(session)
            if reader is None:
                reader = Reader(self._shop.folder, self._shop.root, session)
                self._readers[session] = reader
        return Snapshot(reader, self._shop.settings)
