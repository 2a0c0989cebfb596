"""Answering without the indexer: by words alone, on what was indexed last."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from codearch.errors import IndexerError, StoreError
from codearch.problems import ERROR

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.errors import CodearchError
    from codearch.indexer.client import Client
    from codearch.search.stored import StoredCatalogue
    from codearch.snapshot import Snapshot

log = logging.getLogger(__name__)


class WordsAlone:
    """The indexer of a root, and where it cannot be reached the same answers as far as words go.

    The catalogue is made when it is first needed, and given up when the indexer is back.
    """

    def __init__(
        self,
        client: Client,
        read: Callable[[], Snapshot],
        last_status: Callable[[], dict[str, Any] | None],
    ) -> None:
        self._client = client
        self._read = read
        self._last_status = last_status
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
        """Ask the indexer; what it cannot answer of searches and status is answered here."""
        try:
            answer = self._client.call(method, params, cancelled)
        except IndexerError as error:
            if self._client.connected:
                raise
            if method == "search":
                log.warning("searching by words alone: %s", error)
                try:
                    return self._search(params or {})
                except StoreError:  # nothing has ever been indexed: why is what helps
                    raise error from None
            last = self._last_status()
            if method == "status" and last is not None:
                return without_indexer(last, error)
            raise
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


def without_indexer(status: dict[str, Any], error: CodearchError) -> dict[str, Any]:
    """Return the status that an indexer told last, now that it is out of reach.

    Nobody follows the files, so nothing is fresh; there is the index, as it was left.
    """
    problem = {"severity": ERROR, "message": error.message, "mend": error.mend}
    others = [one for one in status.get("problems", []) if one["message"] != error.message]
    gone = {"state": "starting", "health": "error", "progress": None}
    return {**status, **gone, "problems": [problem, *others]}
