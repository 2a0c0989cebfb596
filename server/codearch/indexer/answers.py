"""What the indexer answers to each method: one small function a method."""

from __future__ import annotations

import time
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any

import msgspec

from codearch import __version__
from codearch.errors import (
    IndexerError,
    IndexerLostError,
    StoreError,
    UnusableStoreError,
    UsageError,
    VectorsError,
)
from codearch.indexer.searching import Searching
from codearch.logs import Latency

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.engine import Engine
    from codearch.indexer.service import Session
    from codearch.indexer.workshop import Workshop

# These only queue something; they are answered in the order in which they came.
IN_ORDER = frozenset({"hello", "overlay", "discard", "touched", "opened", "leave", "ping"})
_OVERLAID_SECONDS = 5.0  # nobody waits longer for a buffer
_LOOK_SECONDS = 0.5  # at whether a session that waits is still there

Params = dict[str, Any]


class Answers:
    """Answers requests on the service's threads; what changes the index is left to the engine."""

    def __init__(self, engine: Engine, shop: Workshop) -> None:
        self._engine = engine
        self._shop = shop
        self._searching = Searching(shop, engine)
        self._baselines: dict[int, tuple[int, ...]] = {}  # by session: what it has been told of
        self._latency = Latency()
        self._methods: dict[str, Callable[[Session, Params], Any]] = {
            "hello": self._hello,
            "ping": lambda _session, _params: None,
            "leave": self._leave,
            "vacate": self._vacate,
            "status": self._status,
            "flush": self._flush,
            "index": self._index,
            "overlay": self._overlay,
            "discard": self._discard,
            "overlaid": self._overlaid,
            "touched": self._touched,
            "opened": self._opened,
            "search": self._search,
            "similar": self._similar,
            "want_history": self._want_history,
            "study": self._study,
            "rebuild": self._rebuild,
            "repair": self._repair,
            "pause": self._pause,
            "resume": self._resume,
            "configure": self._configure,
        }

    def answer(self, session: Session, method: str, params: Params) -> Any:
        """Answer one request; raises IndexerError for a method that does not exist.

        Raises IndexerLostError where the store has been taken away: the next process answers.
        """
        function = self._methods.get(method)
        if function is None:
            message = f"The indexer knows no method {method!r}."
            raise IndexerError(message)
        if self._shop.lost:
            self._engine.waiting.stop()
            message = "The index was deleted or replaced."
            raise IndexerLostError(message)
        began = time.perf_counter()
        try:
            return function(session, params)
        except UnusableStoreError as error:
            self._repair(session, {"inode": error.inode, "reason": error.message})
            return function(session, params)
        except VectorsError:
            raise
        except StoreError:
            # One that is just being replaced is missing for a moment: the loop's next step has it.
            self._engine.waiting.run_soon(lambda: None).result()
            return function(session, params)
        finally:
            self._latency.record(method, time.perf_counter() - began)

    def gone(self, session: int) -> None:
        """Forget a session whose client has gone."""
        self._baselines.pop(session, None)
        self._shop.search_readers.forget(session)
        self._engine.waiting.leave(session)
        self._engine.waiting.run_soon(lambda: self._forget(session))

    def _forget(self, session: int) -> None:
        self._shop.loop_readers.forget(session)
        self._shop.intake.edited.leave(session)
        self._shop.writer.drop_session(session)

    def _hello(self, session: Session, params: Params) -> Params:
        self._baselines[session.number] = self._counted()
        self._engine.waiting.join(session.number, scan=not self._shop.intake.scanned)
        if params.get("settings"):
            self._configure(session, params)
        return {"session": session.number, "version": __version__}

    def _leave(self, _session: Session, _params: Params) -> None:
        self._engine.waiting.stop()

    def _vacate(self, session: Session, _params: Params) -> Params:
        """Leave unless somebody else works with the index; return how many do."""
        clients = len(self._engine.waiting.sessions - {session.number})
        if not clients:
            self._engine.waiting.stop()
        return {"clients": clients}

    def _status(self, _session: Session, _params: Params) -> Params:
        status = self._engine.waiting.ask(self._engine.status).result()
        return {**status, "latency": plain(self._latency.summary())}

    def _flush(self, _session: Session, params: Params) -> Params:
        generation = self._engine.waiting.flush(params.get("steps", ())).result()
        return {"generation": generation, "failed": dict(self._engine.failures.reasons)}

    def _index(self, session: Session, params: Params) -> Params:
        """Bring the index up to date; return what that took since the session was last told."""
        if params.get("resume"):
            self._engine.waiting.resume()
        self._engine.waiting.refuse_if_paused("bringing it up to date")
        before = self._baselines.get(session.number, (0, 0, 0, 0))
        if params.get("full"):
            self._rebuild(session, params)
            before = (0, 0, 0, 0)
        generation = self._engine.waiting.flush().result()
        self._await_model(session)
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
            "failed": dict(self._engine.failures.reasons),
        }

    def _await_model(self, session: Session) -> None:
        """Return when the model answers that the settings name, or when the session is gone."""
        waiting, failures = self._engine.waiting, self._engine.failures
        self._shop.urged += 1
        try:
            while self._shop.embedder.arrival is not None and session.number in waiting.sessions:
                if failures.too_many("arrival"):
                    return  # it is among what failed
                waiting.refuse_if_paused("waiting for the next model")
                self._shop.embedder.arrived.wait(_LOOK_SECONDS)
        finally:
            self._shop.urged -= 1

    def _counted(self) -> tuple[int, ...]:
        """Return what has been parsed, removed, reused and embedded since the store was opened."""
        intake = self._shop.intake
        embedder = self._shop.embedder
        reused = intake.reused + embedder.taken
        return intake.parsed, intake.removed, reused, embedder.embedded

    def _overlay(self, session: Session, params: Params) -> None:
        self._engine.waiting.overlay(session.number, params["path"], params["text"])

    def _discard(self, session: Session, params: Params) -> None:
        self._engine.waiting.overlay(session.number, params["path"], None)

    def _overlaid(self, session: Session, _params: Params) -> None:
        """Return when the buffers that the session has sent are in the index, or soon anyway."""
        wait([self._engine.waiting.overlaid(session.number)], _OVERLAID_SECONDS)

    def _touched(self, _session: Session, params: Params) -> None:
        self._engine.waiting.touched(params["paths"])

    def _opened(self, _session: Session, params: Params) -> None:
        paths = params["paths"]
        self._engine.waiting.run_soon(lambda: self._shop.intake.hurry(paths))

    def _search(self, session: Session, params: Params) -> Any:
        return self._searching.search(session.number, params, self._engine.whole)

    def _similar(self, session: Session, params: Params) -> Any:
        return self._searching.similar(session.number, params, self._engine.whole)

    def _want_history(self, _session: Session, params: Params) -> None:
        """Have files' histories read; return when they are, or after `wait` seconds.

        Without paths nobody wants to see a file's blame, but the history of all.
        """
        paths = dict.fromkeys(params["paths"] or [""])
        wait([self._engine.waiting.look(path) for path in paths], float(params.get("wait", 0)))

    def _study(self, session: Session, params: Params) -> Params:
        """Have old files read and judged; return how many are left after `wait` seconds."""
        newer, older = params["newer"], params["older"]
        return self._engine.leisure.studying.ask(session.number, newer, older, params["wait"])

    def _rebuild(self, session: Session, _params: Params) -> Params:
        self._engine.waiting.refuse_if_paused("a rebuild")
        self._engine.waiting.run_soon(self._engine.rebuild).result()
        return self._status(session, {})

    def _repair(self, _session: Session, params: Params) -> None:
        """Rebuild the store that somebody found damaged, unless it has been replaced since."""

        def repair() -> None:
            if self._shop.uses(params["inode"]):
                self._engine.rebuild(params["reason"])

        self._engine.waiting.run_soon(repair).result()

    def _pause(self, session: Session, _params: Params) -> Params:
        self._engine.waiting.pause(session.number)
        return self._told(session)

    def _resume(self, session: Session, _params: Params) -> Params:
        self._engine.waiting.resume()
        return self._told(session)

    def _told(self, session: Session) -> Params:
        """Have everybody told the status, and return it."""
        self._engine.telling.due = True
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

            self._engine.waiting.run_soon(reload)
            self._engine.waiting.reconcile()


def plain(value: object) -> Any:
    """Return a struct as what msgpack can carry."""
    return msgspec.to_builtins(value)
