"""The asynchronous shell around synchronous features: threads, cancelling, errors, time."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcRequestCancelled

from codearch.errors import Cancelled, CodearchError, UsageError
from codearch.logs import Latency

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_THREADS = 6  # waiting for the indexer, mostly
_REQUEST_FAILED = -32803


class Shell:
    """Runs the requests of one session on threads of its own."""

    def __init__(self) -> None:
        self.latency = Latency()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="codearch-request")

    async def run(self, method: str, work: Callable[[Callable[[], bool]], Any]) -> Any:
        """Return what `work` returns; it is given a function that says whether to stop.

        Cancelled while it waits for a thread, it never starts. Errors of ours become the
        protocol's, with their sentences.
        """
        stopped = threading.Event()
        began = time.perf_counter()
        future = asyncio.get_running_loop().run_in_executor(self._threads, _unless(stopped, work))
        try:
            return await future
        except asyncio.CancelledError:
            stopped.set()
            future.cancel()
            raise
        except CodearchError as error:
            raise translated(error) from error
        finally:
            self.latency.record(method, time.perf_counter() - began)

    def submit(self, work: Callable[[], Any]) -> None:
        """Run something that nobody waits for; what goes wrong is logged."""
        self._threads.submit(_logged, work)

    def close(self) -> None:
        """Start nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _unless(
    stopped: threading.Event, work: Callable[[Callable[[], bool]], Any]
) -> Callable[[], Any]:
    def run() -> Any:
        if stopped.is_set():
            message = "The request was cancelled."
            raise Cancelled(message)
        return work(stopped.is_set)

    return run


def _logged(work: Callable[[], Any]) -> None:
    try:
        work()
    except CodearchError as error:
        log.warning("%s", error)


def translated(error: CodearchError) -> JsonRpcException:
    """Return the protocol's error for one of ours."""
    if isinstance(error, Cancelled):
        return JsonRpcRequestCancelled(str(error))
    if isinstance(error, UsageError):
        data = {"field": error.field} if error.field else None
        return JsonRpcInvalidParams(str(error), data=data)
    return JsonRpcException(str(error), code=_REQUEST_FAILED)
