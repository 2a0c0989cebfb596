"""The index that a machine would have that never saw anything before: built from nothing.

It is the product itself that builds it, in this process and into a folder of its own. One thing
alone is remembered between two builds, since it depends on nothing else: what parsing makes of
bytes and language.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self

from codearch.index.prepare import content_key, prepare
from codearch.indexer.answers import Answers
from codearch.indexer.engine import Engine
from codearch.indexer.workers import Made, Workers, packed
from codearch.indexer.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from codearch.index.prepare import Prepared
    from codearch.indexer.workers import Job

_MOST_REMEMBERED = 6_000  # contents


class Memory(Workers):
    """Stands in the place of the worker processes, and parses nothing twice."""

    def __init__(self) -> None:
        super().__init__(1)
        self._known: dict[bytes, Prepared] = {}

    def submit(self, jobs: Sequence[Job]) -> Future[bytes]:
        """Return what is done already."""
        done: Future[bytes] = Future()
        # Rules run where all is known, to be compared with those that ran in workers.
        made = Made([self._prepared(each.data, each.language) for each in jobs], [])
        done.set_result(packed(made))
        return done

    def _prepared(self, data: bytes, language: str) -> Prepared:
        key = content_key(data, language)
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = prepare(data, language)
        return self._known[key]


class _Asker:
    """A client's session without a connection."""

    def __init__(self, number: int) -> None:
        self.number = number


class Rebuilt:
    """An index built from nothing, with what each session's buffers hold; a context manager."""

    def __init__(
        self, root: Path, folder: Path, buffers: Sequence[Mapping[str, str]], memory: Memory
    ) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self._shop = Workshop(root, folder)
        self._shop.workers = memory
        self._engine = Engine(self._shop)
        self._answers = Answers(self._engine, self._shop)
        for session, texts in enumerate(buffers, 1):
            self._engine.waiting.join(session, scan=False)
            for path, text in texts.items():
                self._engine.waiting.overlay(session, path, text)
        self._run_until(self._engine.waiting.flush())
        self._run_until(self._engine.waiting.look(""))  # findings tell what the history says
        self._run_until(self._engine.waiting.flush())
        assert not self._engine.failures.reasons, self._engine.failures.reasons

    def _run_until(self, ticket: Future[Any]) -> None:
        self._engine.run(ticket.done)
        ticket.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shop.close()

    def search(self, query: str, session: int, mode: str, limit: int) -> list[dict[str, Any]]:
        """Answer a search as the indexer would."""
        params = {"query": query, "mode": mode, "limit": limit}
        asker: Any = _Asker(session)
        hits: list[dict[str, Any]] = self._answers.answer(asker, "search", params)["hits"]
        return hits
