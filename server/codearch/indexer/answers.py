"""What the indexer answers to each method: one small function a method."""

from __future__ import annotations

import time
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any

import msgspec

from codearch import __version__
from codearch.errors import IndexerError, UsageError
from codearch.indexer.searching import Searching
from codearch.logs import Latency

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.engine import Engine
    from codearch.indexer.service import Session
    from codearch.indexer.workshop import Workshop

# These only queue something; they are answered in the order in which they came.
IN_ORDER = frozenset({"hello", "overlay", "discard", "touched", "leave"})

Params = dict[str, Any]


class Answers:
    """Answers requests on the service's threads; what changes the index is left to the engine."""

    def __init__(self, engine: Engine, shop: Workshop) -> None:
        self._engine = engine
        self._shop = shop
        self._searching = Searching(shop)
        self._baselines: dict[int, tuple[int, ...]] = {}  # by session: what it has been told of
        self._latency = Latency()
        self._methods: dict[str, Callable[[Session, Params], Any]] = {
            "hello": self._hello,
            "leave": self._leave,
            "status": self._status,
            "flush": self._flush,
            "index": self._index,
            "overlay": self._overlay,
            "discard": self._discard,
            "touched": self._touched,
            "search": self._search,
            "similar": self._similar,
            "want_history": self._want_history,
            "rebuild": self._rebuild,
            "pause": self._pause,
            "resume": self._resume,
            "configure": self._configure,
        }

    def answer(self, session: Session, method: str, params: Params) -> Any:
        """Answer one request; raises IndexerError for a method that does not exist."""
        function = self._methods.get(method)
        if function is None:
            message = f"The indexer knows no method {method!r}."
            raise IndexerError(message)
        began = time.perf_counter()
        try:
            return function(session, params)
        finally:
            self._latency.record(method, time.perf_counter() - began)

    def gone(self, session: int) -> None:
        """Forget a session whose client has gone."""
        self._baselines.pop(session, None)
        self._searching.forget(session)
        self._engine.leave(session)

    def _hello(self, session: Session, params: Params) -> Params:
        self._baselines[session.number] = self._counted()
        self._engine.join(session.number)
        if params.get("settings"):
            self._configure(session, params)
        return {"session": session.number, "version": __version__}

    def _leave(self, _session: Session, _params: Params) -> None:
        self._engine.stop()

    def _status(self, _session: Session, _params: Params) -> Params:
        engine = self._engine
        status = engine.run_soon(lambda: self._shop.status(engine.state, engine.problem)).result()
        return {**status, "latency": plain(self._latency.summary())}

    def _flush(self, _session: Session, _params: Params) -> Params:
        return {"generation": self._engine.flush(), "failed": dict(self._engine.failed)}

    def _index(self, session: Session, params: Params) -> Params:
        """Bring the index up to date; return what that took since the session was last told."""
        if self._engine.paused:
            message = "The index is paused, so it cannot be brought up to date."
            raise IndexerError(message, mend="Resume it first: `codearch.index.resume`.")
        before = self._baselines.get(session.number, (0, 0, 0, 0))
        if params.get("full"):
            self._rebuild(session, params)
            before = (0, 0, 0, 0)
        generation = self._engine.flush()
        now = self._counted()
        self._baselines[session.number] = now
        parsed, removed, reused, embedded = (
            after - earlier for after, earlier in zip(now, before, strict=True)
        )
        status = self._status(session, {})
        texts = reused + embedded
        return {
            "files": status["files"],
            "parsed": parsed,
            "unchanged": max(0, status["files"] - parsed),
            "removed": removed,
            "symbols": status["symbols"],
            "embedded": embedded,
            "reused": reused,
            "hitRate": round(reused / texts, 4) if texts else 1.0,
            "pending": status["pending"],
            "errors": self._shop.intake.errors,
            "generation": generation,
            "failed": dict(self._engine.failed),
        }

    def _counted(self) -> tuple[int, ...]:
        """Return what has been parsed, removed, reused and embedded since the store was opened."""
        intake = self._shop.intake
        return intake.parsed, intake.removed, intake.reused, self._shop.embedder.embedded

    def _overlay(self, session: Session, params: Params) -> None:
        self._engine.overlay(session.number, params["path"], params["text"])

    def _discard(self, session: Session, params: Params) -> None:
        self._engine.overlay(session.number, params["path"], None)

    def _touched(self, _session: Session, params: Params) -> None:
        self._engine.touched(params["paths"])

    def _search(self, session: Session, params: Params) -> Any:
        return self._searching.search(session.number, params, self._engine.whole)

    def _similar(self, session: Session, params: Params) -> Any:
        return self._searching.similar(session.number, params, self._engine.whole)

    def _want_history(self, _session: Session, params: Params) -> None:
        """Have files' histories read; return when they are, or after `wait` seconds."""
        paths = dict.fromkeys(params["paths"])
        wait([self._engine.want_history(path) for path in paths], float(params.get("wait", 0)))

    def _rebuild(self, _session: Session, _params: Params) -> Params:
        def rebuild() -> None:
            self._engine.close_readers()
            self._searching.forget_all()
            self._shop.rebuild()

        self._engine.run_soon(rebuild).result()
        self._engine.reconcile(git=True)
        return self._status(_session, {})

    def _pause(self, session: Session, _params: Params) -> Params:
        self._engine.pause()
        return self._status(session, {})

    def _resume(self, session: Session, _params: Params) -> Params:
        self._engine.resume()
        return self._status(session, {})

    def _configure(self, _session: Session, params: Params) -> None:
        settings = params.get("settings", {})
        if not isinstance(settings, dict):
            message = "`settings` must be an object."
            raise UsageError(message, field="settings")
        if settings != self._shop.client_settings:

            def reload() -> None:
                self._shop.client_settings = settings
                self._shop.reload()

            self._engine.run_soon(reload)
            self._engine.reconcile()


def plain(value: object) -> Any:
    """Return a struct as what msgpack can carry."""
    return msgspec.to_builtins(value)
