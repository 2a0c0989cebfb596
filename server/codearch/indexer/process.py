"""The indexer process of one root: it serves until nobody needs it any more."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, NoReturn

import psutil

from codearch.errors import CodearchError
from codearch.indexer.holding import claim
from codearch.indexer.launch import STARTER
from codearch.indexer.protocol import LOCK_NAME
from codearch.indexer.upkeep import clear_leftovers, look_after
from codearch.settings import is_whole_disk, note_use

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.indexer.engine import Engine
    from codearch.indexer.service import Service
    from codearch.indexer.workshop import Workshop
    from codearch.watch import Batch, Watcher

log = logging.getLogger("codearch.indexer")

_LEAVE_SECONDS = 20.0
_CONNECT_SECONDS = 10.0


def run(root: Path) -> NoReturn:
    """Be the indexer of a root, and end the process with 1 where that went wrong."""
    status = 1
    try:
        status = main(root)
    except CodearchError as error:
        print(error, file=sys.stderr)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(status)  # daemon threads inside native libraries must not delay the end


def main(root: Path) -> int:
    """Keep the index of a root until nobody needs it; 0 also where another process does already."""
    folder, lock = claim(root, LOCK_NAME)
    if lock is None:
        return 0
    try:
        budget = _serve(root, folder)
    finally:
        lock.release()
    look_after(folder, budget)
    # Threads that wait in accept() or for a frame are not worth waiting for.
    logging.shutdown()
    return 0


def _serve(root: Path, folder: Path) -> int | None:
    """Serve until nobody asks any more; return the budget of the cache in megabytes."""
    # Imported under the lock: a process that finds it taken should leave at once.
    from codearch.indexer.answers import IN_ORDER, Answers  # noqa: PLC0415
    from codearch.indexer.engine import Engine  # noqa: PLC0415
    from codearch.indexer.service import Service  # noqa: PLC0415
    from codearch.indexer.workshop import Workshop  # noqa: PLC0415
    from codearch.logs import start_logging  # noqa: PLC0415

    clear_leftovers(folder)
    note_use(folder)
    shop = Workshop(root, folder)
    start_logging(folder, "indexer", shop.settings.log)
    engine = Engine(shop)
    answers = Answers(engine, shop)
    service = Service(folder, answers.answer, answers.gone, IN_ORDER)
    engine.telling.tell = service.tell
    signal.signal(signal.SIGTERM, lambda *_: engine.waiting.stop())
    log.info("serving")
    watcher = _watch(shop, engine)
    threading.Thread(
        target=look_after, args=(folder, _budget(shop)), name="codearch-upkeep", daemon=True
    ).start()
    gc.freeze()
    try:
        engine.run(_Ended(service, shop))
    finally:
        _end_by_all_means()
        service.stop()
        if watcher is not None:
            watcher.stop()
        shop.close()
        note_use(folder)
        log.info("left")
    return _budget(shop)


def _budget(shop: Workshop) -> int | None:
    megabytes = shop.settings.cache.budget_mb
    return None if megabytes == "none" else megabytes


def _end_by_all_means() -> None:
    """See that the process ends, whatever its leaving waits for: others wait for its lock."""
    timer = threading.Timer(_LEAVE_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()


def _watch(shop: Workshop, engine: Engine) -> Watcher | None:
    """Watch the disk, unless it is all of it, or the settings say that editors tell enough."""
    from codearch.watch import Watcher  # noqa: PLC0415 - as above

    if not shop.settings.index.watch or is_whole_disk(shop.root):
        return None

    def on_delay() -> None:
        engine.telling.due = True
        engine.waiting.notify()

    def on_batch(batch: Batch) -> None:
        if batch.git_changed:
            engine.waiting.reconcile(git=True)
        if batch.reconcile:
            engine.waiting.reconcile()
        elif batch.paths:
            engine.waiting.touched(sorted(batch.paths))

    watcher = Watcher(shop.root, shop.intake.ignore, on_batch)
    watcher.on_delay = on_delay
    watcher.start()
    shop.watcher = watcher
    return watcher


class _Ended:
    """Says when nobody has needed the indexer for its idle time."""

    def __init__(self, service: Service, shop: Workshop) -> None:
        self._service = service
        self._shop = shop
        # Until a client has come.
        self._starter: int | None = int(os.environ.get(STARTER) or os.getppid())
        self._alone_since = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        if self._service.clients:
            self._starter, self._alone_since = None, now
            return False
        if self._starter is not None:  # whoever started us needs a moment to connect
            if now - self._alone_since < _CONNECT_SECONDS and psutil.pid_exists(self._starter):
                return False
            self._starter, self._alone_since = None, now
        return now - self._alone_since > self._shop.settings.indexer.idle_seconds
