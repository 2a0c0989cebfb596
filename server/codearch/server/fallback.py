"""Searching without the indexer: by words alone, on what was indexed last."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.errors import IndexerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.client import Client
    from codearch.search.stored import StoredCatalogue
    from codearch.snapshot import Snapshot

log = logging.getLogger(__name__)


class WordsAlone:
    """The indexer of a root, and where it cannot be reached the same answers as far as words go.

    The catalogue is made when it is first needed, and given up when the indexer is back.
    """

    def __init__(self, client: Client, read: Callable[[], Snapshot]) -> None:
        self._client = client
        self._read = read
        self._catalogue: StoredCatalogue | None = None

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Ask the indexer without waiting."""
        self._client.tell(method, params)

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Ask the indexer; a search that it cannot answer is answered here."""
        try:
            answer = self._client.call(method, params, cancelled)
        except IndexerError as error:
            if method != "search" or self._client.connected:
                raise
            log.warning("searching by words alone: %s", error)
            return self._search(params or {})
        self._catalogue = None
        return answer

    def _search(self, params: dict[str, Any]) -> dict[str, Any]:
        # numpy takes 0.2 s to import, which the start of a server has no time for.
        from codearch.search import below, parse_query, search  # noqa: PLC0415
        from codearch.search.stored import StoredCatalogue  # noqa: PLC0415

        query = parse_query(
            params["query"],
            language=params.get("language"),
            kind=params.get("kind"),
            path=params.get("path"),
            mode="lexical",
        )
        if self._catalogue is None:
            self._catalogue = StoredCatalogue()
        with self._read() as snapshot:
            view = self._catalogue.view(snapshot.connection, snapshot.generation)
            narrowed = below(query, params.get("under", ""))
            hits = search(view, snapshot, narrowed, params["limit"])
            return {
                "hits": msgspec.to_builtins(hits),
                "complete": False,
                "generation": snapshot.generation,
            }
