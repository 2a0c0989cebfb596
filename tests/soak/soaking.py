"""Random operations, one after the other, and after each the question whether all is well.

Two things are looked at. After each operation: once the contract's 300 ms have passed and `state`
says ready, searches for the words that came, moved and went must answer as the disk and the
windows have it. After each flush: the index must be the one that would be built from nothing. Files
and buffers are compared each time, everything else every so often, since that takes seconds.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.settings import root_cache
from soak import edits, sessions, versions
from soak.comparing import Comparison
from soak.desk import Desk
from soak.rows import Ids, ids_of, strangers
from soak.truth import WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from soak.window import Window

LAG_SECONDS = 0.3  # by which `ready` may lag the disk
SETTLE_SECONDS = 120.0
LATE_SECONDS = 5.0
_LOOK_SECONDS = 0.05  # where nobody tells that the index is ready, as it had been told before
_WORDS_ASKED = 4
_SHOWN = 4  # paths, where they are too many
_EDITS = (
    "edit_body edit_comment edit_signature edit_whole append delete_lines save_atomically"
    " keep_size_and_time create copy rename rename_case move_folder delete write_many"
)
_VERSIONS = (
    "checkout commit stash reset merge rebase clean collect_garbage worktree submodule sparse"
)
_SESSIONS = (
    "buffer_open buffer_edit buffer_undo buffer_save buffer_close ignore_by_git ignore_by_ours"
    " exclude_by_settings jump_clock restart_indexer kill_indexer lose_events rebuild"
    " restart_window kill_window"
)
OPERATIONS: dict[str, Callable[[Desk], None]] = {
    f"{home.__name__.rpartition('.')[2]}.{name}": getattr(home, name)
    for home, names in ((edits, _EDITS), (versions, _VERSIONS), (sessions, _SESSIONS))
    for name in names.split()
}

REBUILD = "sessions.rebuild"


class Plan(NamedTuple):
    """How long to go on, and how often to compare."""

    seed: int
    operations: int
    flush_share: float = 0.4
    everything_each: int = 4  # of the flushes
    hurried_share: float = 0.3  # of the operations, which the next follows at once
    most_differences: int = 0  # after which it goes on, with an index made anew
    only: frozenset[int] = frozenset()  # the operations to do, to find out which of them matter


class Late(NamedTuple):
    """A word that a search answered wrongly though the index was said to be ready."""

    number: int
    operation: str
    word: str
    expected: frozenset[str]
    found: frozenset[str]
    seconds: float  # from the operation's end until the answer was right, or was given up
    window: int
    buffers: frozenset[str]  # of that window

    def __str__(self) -> str:
        return (
            f"FALSE READY after {self.number} {self.operation}: {self.word} in window {self.window}"
            f" for {self.seconds:.2f} s: not found in {self._said(self.expected - self.found)},"
            f" found in {self._said(self.found - self.expected)}"
        )

    def _said(self, paths: frozenset[str]) -> list[str]:
        """Return some of the paths, and of each whether it is that of a buffer."""
        said = [f"{each} (a buffer)" if each in self.buffers else each for each in sorted(paths)]
        return said[:_SHOWN]


class Report:
    """What was done and what was found."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.done: Counter[str] = Counter()
        self.order: list[str] = []
        self.flushes = 0
        self.words = 0
        self.late: list[Late] = []
        self.since: list[_Words] = []  # where words were when they were last asked for
        self.ids: Ids = {}  # as they were when the index was last ready
        self.differences: list[tuple[int, list[str]]] = []
        self.comparison: Comparison | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.late and not self.differences

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        made = self.comparison
        yield f"seed {self.plan.seed}, {sum(self.done.values())} operations"
        yield "  " + ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))
        yield (
            f"  {self.flushes} flushes, {made.made if made else 0} compared in everything"
            f" ({made.queries if made else 0} searches, {made.vectors if made else 0} vectors),"
            f" {self.words} words asked for"
        )
        yield f"  {len(self.differences)} differences, {len(self.late)} false ready"
        for each in self.late:
            yield f"  {each}"
        for number, said in self.differences:
            yield f"  DIFFERENCE after {number}:"
            yield from (f"    {line}" for line in said)
        if not self.clean:
            yield f"  operations: {' '.join(self.order)}"


def deck(plan: Plan) -> list[str]:
    """Return which operations to do: each kind equally often, in random order."""
    rounds = -(-plan.operations // len(OPERATIONS))
    cards = list(OPERATIONS) * rounds
    random.Random(plan.seed).shuffle(cards)
    return cards[: plan.operations]


def soak(
    root: Path, folder: Path, plan: Plan, say: Callable[[str], None] = lambda _line: None
) -> Report:
    """Do it all in a repository, which is written into; stop where there are too many differences."""
    desk = Desk(root, folder, plan.seed)
    desk.set_clock(0)
    report = Report(plan)
    report.comparison = Comparison(desk)
    versions.prepare(desk)
    try:
        for _ in range(2):
            desk.open_window()
        desk.windows[0].command("index.flush")
        known = 0
        for number, name in enumerate(deck(plan)):
            if plan.only and number not in plan.only:
                continue
            began = time.perf_counter()
            said = _one(desk, report, number, name)
            say(f"{number} {name} {time.perf_counter() - began:.1f} s {said}".rstrip())
            if len(report.differences) > known:
                known = len(report.differences)
                say("\n".join(report.differences[-1][1]))
                if known > plan.most_differences:
                    break
                desk.windows[0].command("index.rebuild")
                report.ids = {}
        else:
            _flush(desk, report, plan.operations, everything=True)
    finally:
        desk.close()
    return report


def _one(desk: Desk, report: Report, number: int, name: str) -> str:
    report.since = report.since or _words(desk)
    desk.begin(number)
    OPERATIONS[name](desk)
    ended = time.perf_counter()
    if name == REBUILD:  # an index made from nothing cannot know what was moved before
        report.ids = {}
    report.done[name] += 1
    report.order.append(f"{number}:{name}")
    choose = random.Random(f"{desk.seed}:{number}:flush")
    if choose.random() < report.plan.hurried_share:
        report.ids = {}  # a copy and a deletion together look like a move, which they are not
        return ""
    false = len(report.late)
    _ask_for_words(desk, report, (number, name, ended), report.since, _words(desk))
    report.since = []
    _look_at_ids(desk, report, number)
    if choose.random() < report.plan.flush_share:
        report.flushes += 1
        everything = report.flushes % report.plan.everything_each == 0
        _flush(desk, report, number, everything=everything)
    return "".join(f"\n{each}" for each in report.late[false:])


def _look_at_ids(desk: Desk, report: Report, number: int) -> None:
    """See that what people attached to symbols has moved with their files.

    A file that was edited before it moved back may be another one to whoever saw the edit.
    """
    known, report.ids = report.ids, ids_of(root_cache(desk.root))
    before, after = (
        {path: each for path, each in ids.items() if path not in desk.edited}
        for ids in (known, report.ids)
    )
    lost = strangers(before, after)
    if lost:
        report.differences.append((number, [f"ids did not survive a move: {lost[:4]}"]))


def _flush(desk: Desk, report: Report, number: int, *, everything: bool) -> None:
    assert report.comparison is not None
    desk.windows[number % len(desk.windows)].command("index.flush")
    said = report.comparison.files()
    if everything or said:
        said += report.comparison.everything()
    if said:
        report.differences.append((number, said))


# --- words -------------------------------------------------------------------------------------

_Words = dict[str, set[str]]


def _words(desk: Desk) -> list[_Words]:
    """Return in which files each word is, as each window has to see it."""
    disk = desk.truth.words()
    return [_seen(window, disk) for window in desk.windows]


def _seen(window: Window, disk: _Words) -> _Words:
    seen = {
        word: {path for path in paths if path not in window.buffers} for word, paths in disk.items()
    }
    for path, text in window.buffers.items():
        for word in set(_own_words(text)):
            seen.setdefault(word, set()).add(path)
    return seen


def _own_words(text: str) -> list[str]:
    return [each.decode() for each in WORD.findall(text.encode())]


def _ask_for_words(
    desk: Desk,
    report: Report,
    operation: tuple[int, str, float],
    before: list[_Words],
    after: list[_Words],
) -> None:
    """Ask each window for words whose places changed, as soon as the index is ready."""
    number, name, ended = operation
    choose = random.Random(f"{desk.seed}:{number}:words")
    for place, (window, old, new) in enumerate(zip(desk.windows, before, after, strict=True)):
        changed = [word for word in sorted(old | new) if old.get(word) != new.get(word)]
        same = [word for word in sorted(new) if word not in changed]
        asked = choose.sample(changed, min(len(changed), _WORDS_ASKED))
        asked += choose.sample(same, min(len(same), 1))
        # Until `ready` may be held to its word.
        time.sleep(max(0.0, ended + LAG_SECONDS - time.perf_counter()))
        _until_ready(window)
        for word in asked:
            report.words += 1
            expected = frozenset(new.get(word, ()))
            late = _late(window, word, expected)
            if late is not None:
                seconds = time.perf_counter() - ended
                if seconds > LAG_SECONDS:
                    buffers = frozenset(window.buffers)
                    said = Late(number, name, word, expected, late, seconds, place, buffers)
                    report.late.append(said)


def _until_ready(window: Window) -> None:
    """Wait until the index is said to be ready."""
    limit = time.perf_counter() + SETTLE_SECONDS
    while not window.ready():
        window.wait_for_news(_LOOK_SECONDS)
        if time.perf_counter() > limit:
            message = f"the index is not ready after {SETTLE_SECONDS:g} s"
            raise TimeoutError(message)


def _late(window: Window, word: str, expected: frozenset[str]) -> frozenset[str] | None:
    """Return what a search finds where that is something else; wait a while for it to be right."""
    found = first = frozenset(window.found(word))
    limit = time.perf_counter() + LATE_SECONDS
    while found != expected and time.perf_counter() < limit:
        window.wait_for_news(_LOOK_SECONDS)
        found = frozenset(window.found(word))
    return None if first == expected else first


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment in which nothing of the user's is read or written."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_"))
    }
    people = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
    }
    return {
        **kept,
        **people,
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "CODEARCH_CACHE_DIR": str(folder / "cache"),
        "CODEARCH_INDEXER_IDLE_SECONDS": "5",
        "SOAK_CLOCK": str(folder / "clock"),
    }
