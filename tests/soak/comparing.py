"""Says in what the index of a running indexer differs from one built from nothing."""

from __future__ import annotations

import hashlib
import random
import re
from typing import TYPE_CHECKING, Any

from codearch.indexer.client import Client
from codearch.settings import root_cache
from patience import PATIENCE_SECONDS
from soak.rebuilding import Memory, Rebuilt
from soak.rows import Holding, held_files

if TYPE_CHECKING:
    from collections.abc import Set

    from soak.desk import Desk
    from soak.rows import Rows
    from soak.window import Window

_TRIED = 40
_CANDIDATES = 20
_ASKED = 6  # queries of each mode, in each window
_LIMITS = {"lexical": 100, "semantic": 30}
_MOST_FILES = 30  # that hold a word that is asked for: more would fill a page
_BEST = 10  # hits of a search by meaning
_SHOWN = 4  # rows of each kind that differ


class Comparison:
    """Compares again and again; remembers what parsing made of the contents seen so far."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._memory = Memory()
        self.made = 0
        self.queries = 0
        self.vectors = 0

    def files(self) -> list[str]:
        """Compare names and contents of files with the disk, which costs little."""
        held, sessions = held_files(root_cache(self._desk.root))
        disk = {
            (path, hashlib.sha256(self._desk.read(path)).digest())
            for path in self._desk.truth.files()
        }
        said = _differing("files", held, disk)
        for number, window in enumerate(self._desk.windows):
            if window.buffers and _contents(window) not in sessions:
                said.append(
                    f"the buffers of window {number} are not held: {sorted(window.buffers)}"
                )
        return said

    def everything(self, *, searches: bool = True) -> list[str]:
        """Compare all rows, vectors and what searches find with an index built from nothing."""
        self.made += 1
        with Client(self._desk.root) as client:  # findings tell what the history says
            if client.call("status")["state"] != "paused":
                client.call("want_history", {"paths": [], "wait": PATIENCE_SECONDS})
                client.call("flush")
        windows = [window for window in self._desk.windows if window.buffers]
        buffers = [window.buffers for window in windows]
        folder = self._desk.folder / "rebuilt"
        with Rebuilt(self._desk.root, folder, buffers, self._memory) as rebuilt:
            live, fresh = Holding(root_cache(self._desk.root)), Holding(folder)
            said = _compared("disk", live.of(0), fresh.of(0))
            if set(live.sessions) != set(fresh.sessions):
                said.append("other buffers are held than the windows have")
            for number, window in enumerate(windows):
                mine = _contents(window)
                if mine in live.sessions and mine in fresh.sessions:
                    rows = live.of(live.sessions[mine]), fresh.of(fresh.sessions[mine])
                    said += _compared(f"buffers of window {number}", *rows)
            self.vectors += len(fresh.vectors)
            said += _differing("vectors", set(live.vectors.items()), set(fresh.vectors.items()))
            for window in self._desk.windows if searches else ():
                session = windows.index(window) + 1 if window in windows else 0
                said += self._searches(window, rebuilt, session)
            return said

    def _searches(self, window: Window, rebuilt: Rebuilt, session: int) -> list[str]:
        """Ask for words that fill no page, whose hits are a set, and for meaning."""
        choose = random.Random(f"{self._desk.seed}:{self.made}")
        said = []
        asked = dict.fromkeys(_LIMITS, 0)
        for query in _queries(self._desk, choose):
            for mode, count in list(asked.items()):
                if count == _ASKED:
                    continue
                theirs = {
                    (each["path"], each["span"][2], each["name"]): hit["score"]
                    for hit in rebuilt.search(query, session, mode, _LIMITS[mode])
                    for each in [hit["symbol"]]
                }
                if mode == "lexical" and len(theirs) >= _LIMITS[mode]:
                    continue
                asked[mode] = count + 1
                answer = window.command("search", query=query, mode=mode, limit=_LIMITS[mode])
                mine = {
                    (window.path(hit["uri"]), hit["range"]["start"]["line"], hit["symbol"]): (
                        hit["score"]
                    )
                    for hit in answer["results"]
                }
                said += _differing(
                    f"hits of {mode} {query!r}", _sure(mine, mode), _sure(theirs, mode)
                )
        self.queries += sum(asked.values())
        return said


def _sure(hits: dict[Any, float], mode: str) -> set[Any]:
    """Return the hits; of meaning the best ones, as far as nothing but their scores tell them.

    A search by meaning asks for the nearest passages, among which may be some that are no more, so
    its last hits depend on the past. The vectors themselves are compared one by one besides.
    """
    if mode == "lexical":
        return set(hits)
    ranked = sorted(hits.values(), reverse=True)
    last = ranked[_BEST] + 0.002 if len(ranked) > _BEST else -1.0
    return {hit for hit, score in hits.items() if score > last}


def _queries(desk: Desk, choose: random.Random) -> list[str]:
    """Return words as they stand in files, alone and in pairs, that do not stand in many."""
    sources = desk.sources()
    texts = [desk.read(path).decode("utf-8", "replace") for path in sources]
    found: list[str] = []
    for text in choose.choices(texts, k=_TRIED if texts else 0):
        words = re.findall(r"[A-Za-z_]{5,24}", text)
        picked = choose.choices(words, k=choose.randint(1, 2)) if words else []
        if picked and all(sum(word in each for each in texts) <= _MOST_FILES for word in picked):
            found.append(" ".join(picked))
    return found[:_CANDIDATES]


def _contents(window: Window) -> frozenset[tuple[str, bytes]]:
    return frozenset(
        (path, hashlib.sha256(text.encode()).digest()) for path, text in window.buffers.items()
    )


def _compared(where: str, live: Rows, fresh: Rows) -> list[str]:
    return [
        line
        for kind, rows in fresh.items()
        for line in _differing(f"{where}: {kind}", live[kind], rows)
    ]


def _differing(what: str, live: Set[Any], fresh: Set[Any]) -> list[str]:
    """Say what one has and the other has not."""
    said = []
    for where, rows in (("too much", live - fresh), ("missing", fresh - live)):
        if rows:
            shown = "\n    ".join(repr(each)[:300] for each in sorted(rows, key=repr)[:_SHOWN])
            said.append(f"{what}, {where}: {len(rows)}\n    {shown}")
    return said
