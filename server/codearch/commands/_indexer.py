"""The indexer as commands see it; the client of another layer fits this form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Indexer(Protocol):
    """Asks the indexer of one root; raises IndexerError where it cannot be reached."""

    def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        cancelled: Callable[[], bool] = ...,
    ) -> Any:
        """Ask, wait, and return the answer."""
        ...

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Ask without waiting; what cannot be asked now is not asked at all."""
        ...
