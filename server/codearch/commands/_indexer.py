"""The indexer as commands see it; the client of another layer fits this form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from codearch.errors import IndexerError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

# Steps of the indexer that an answer may rest on.
WORDS = ("scan", "saved", "buffer", "read")
GRAPH = (*WORDS, "resolve")
FINDINGS = (*GRAPH, "check")
VECTORS = (*WORDS, "embed", "vectors")
EVERYTHING = (*FINDINGS, "embed", "vectors")


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


def refuse_part(answer: Mapping[str, Any], steps: Collection[str]) -> None:
    """Raise IndexerError if one of these steps failed: what there is would be a part of it all."""
    for step, reason in answer.get("failed", {}).items():
        if step in steps:
            message = f"The index is not whole: its step {step!r} failed: {reason}."
            mend = "The log in the cache folder says more; `codearch index --full` begins anew."
            raise IndexerError(message.replace("..", "."), mend=mend)
