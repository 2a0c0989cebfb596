"""Old files for those who ask how debt went: read and judged at leisure, as long as somebody waits.

What differs between two revisions is asked of git on the thread of whoever wants to know; files are
read and judged by the engine's own, some at a time. What was found in them is kept.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from codearch.errors import CodearchError
from codearch.history.git import git
from codearch.index.content import refused_by_name
from codearch.snapshot import Snapshot
from codearch.store.database import transaction
from codearch.trends import Change, Studied, changes_between, files_of, key_of, packed, study
from codearch.trends.records import pack_rows, unpack_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.indexer.waiting import Waiting
    from codearch.indexer.workshop import Workshop

_AT_ONCE = 16  # files
_STEP_S = 0.05
_GIT_S = 120.0
_DAY_S = 24 * 3600
_KEPT_DAYS = 60
_MOST_STEPS = 8  # that are begun; who still waits for one of more has it begun again


@dataclass
class _Step:
    """What differs between two revisions, and what of it has still to be read."""

    key: bytes
    studied: Studied
    changes: list[Change]
    left: deque[tuple[str, str]]  # blob and path
    lacking: int = 0  # that this clone does not have
    done: Future[None] = field(default_factory=Future)


class Studying:
    """`ask` is for any thread, `step` for the engine's alone."""

    def __init__(self, shop: Workshop, waiting: Waiting) -> None:
        self._shop = shop
        self._waiting = waiting
        self._lock = threading.Lock()
        self._asking = 0
        self._steps: dict[bytes, _Step] = {}

    def ask(self, session: int, newer: str, older: str, seconds: float) -> dict[str, Any]:
        """Have read what changed from a revision to a newer one, all of it where `older` is "".

        Returns how many files are `left` to be read after so many seconds; with none left, what
        changed, and the version by whose name the files are kept. Raises GitError.
        """
        self._waiting.refuse_if_paused("reading old revisions")
        settings = self._shop.settings
        studied = Studied.by(settings.rules, (*settings.index.exclude, *settings.files.exclude))
        key = key_of(studied.version, "step", newer, older)
        with self._lock:
            step = self._steps.get(key)
        if step is None:
            step = self._begun(session, key, studied, newer, older)
        with self._lock:
            step = self._steps.setdefault(key, step)
            self._asking += 1
            for given_up in list(self._steps)[:-_MOST_STEPS]:
                del self._steps[given_up]
        try:
            self._waiting.run_soon(lambda: None)  # unlike a notice, it cannot be missed
            wait([step.done], seconds)
        finally:
            with self._lock:
                self._asking -= 1
        if not step.done.done():
            return {"left": len(step.left)}
        with self._lock:
            self._steps.pop(key, None)
        step.done.result()
        changes = [list(each) for each in step.changes]
        return {
            "left": 0, "version": studied.version, "changes": changes, "lacking": step.lacking
        }  # fmt: skip

    def step(self, interrupted: Callable[[], bool]) -> bool:
        """Read some files for whoever waits; return whether there was anything to do."""
        with self._lock:
            waiting = list(self._steps.values()) if self._asking else []
        step = next((each for each in waiting if not each.done.done()), None)
        if step is None:
            return False
        try:
            if step.left:
                self._read(step, interrupted)
            if not step.left:
                self._keep(step, {step.key: pack_rows(step.changes)})
                step.done.set_result(None)
        except CodearchError as error:
            step.done.set_exception(error)
        except BaseException as error:
            step.done.set_exception(error)
            raise
        return True

    # --- what is to be read ------------------------------------------------------------------

    def _begun(self, session: int, key: bytes, studied: Studied, newer: str, older: str) -> _Step:
        known = self._known(session, [key]).get(key)
        if known is not None:
            changes = [Change(*row) for row in unpack_rows(known)]
        elif older:
            changes = self._wanted(changes_between(self._shop.root, older, newer))
        else:
            changes = self._wanted(files_of(self._shop.root, newer))
        both = [(each.old, each.old_path) for each in changes]
        both += [(each.new, each.path) for each in changes]
        keys = {key_of(studied.version, *file): file for file in dict.fromkeys(both) if file[0]}
        missing = keys.keys() - self._known(session, list(keys)).keys()
        step = _Step(key, studied, changes, deque(keys[each] for each in keys if each in missing))
        if known is not None and not step.left:
            step.done.set_result(None)
        return step

    def _wanted(self, changes: Iterable[Change]) -> list[Change]:
        """Leave out what would not be indexed today, by its name."""
        found = []
        for each in changes:
            old = (each.old_path, each.old) if self._is_wanted(each.old_path) else ("", "")
            new = (each.path, each.new) if self._is_wanted(each.path) else ("", "")
            if old[0] or new[0]:
                found.append(Change(*old, *new))
        return found

    def _is_wanted(self, path: str) -> bool:
        ignore = self._shop.intake.ignore
        return bool(path) and refused_by_name(path) is None and not ignore.excluded(path)

    def _known(self, session: int, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        reader = self._shop.search_readers.of(session)
        with Snapshot(reader, self._shop.settings) as snapshot:
            return snapshot.studied(keys)

    # --- reading -----------------------------------------------------------------------------

    def _read(self, step: _Step, interrupted: Callable[[], bool]) -> None:
        files = [step.left[n] for n in range(min(_AT_ONCE, len(step.left)))]
        contents = self._contents([blob for blob, _ in files])
        found: dict[bytes, bytes] = {}
        until = time.monotonic() + _STEP_S
        for blob, path in files:
            content = contents[blob]
            if content is None:
                step.lacking += 1
            else:
                old = study(path, content, step.studied.rules)
                found[key_of(step.studied.version, blob, path)] = packed(old)
            step.left.popleft()
            if interrupted() or time.monotonic() > until:
                break
        self._keep(step, found)

    def _contents(self, blobs: Sequence[str]) -> dict[str, bytes | None]:
        """Return what blobs hold: b"" of those too large, None of those that are not there."""
        root, most = self._shop.root, self._shop.settings.index.max_file_kb * 1024
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        told = git(root, "cat-file", "--batch-check", stdin=asked, timeout_s=_GIT_S).decode()
        found: dict[str, bytes | None] = {}
        small = []
        for blob, line in zip(blobs, told.splitlines(), strict=True):
            words = line.split(" ")
            there = len(words) == 3 and words[1] == "blob"
            found[blob] = b"" if there else None
            if there and int(words[2]) <= most:
                small.append(blob)
        asked = "".join(f"{blob}\n" for blob in small).encode()
        output = git(root, "cat-file", "--batch", stdin=asked, timeout_s=_GIT_S)
        at = 0
        for blob in small:
            end = output.index(b"\n", at)
            size = int(output[at:end].rpartition(b" ")[2])
            found[blob] = output[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    def _keep(self, step: _Step, rows: dict[bytes, bytes]) -> None:
        """Keep what was found; what another version found, or long ago, goes."""
        db, today = self._shop.connection, int(time.time() // _DAY_S)
        with transaction(db):
            known = db.execute("SELECT value FROM meta WHERE key = 'studied'").fetchone()
            if known is None or known[0] != step.studied.version:
                db.execute("DELETE FROM studied")
                db.execute(
                    "INSERT OR REPLACE INTO meta VALUES ('studied', ?)", (step.studied.version,)
                )
            db.execute("DELETE FROM studied WHERE day < ?", (today - _KEPT_DAYS,))
            db.executemany(
                "INSERT OR REPLACE INTO studied VALUES (?, ?, ?)",
                [(key, today, data) for key, data in rows.items()],
            )
