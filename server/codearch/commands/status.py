"""`codearch.status`: how fresh the index is, how large, and what is off."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

from codearch import __version__
from codearch.checked import learnt
from codearch.commands._command import Argument, Command, Context, Form, Workspace
from codearch.errors import IndexerError, StoreError
from codearch.facts import MethodLatency
from codearch.problems import ERROR, Health, Problem, health_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

State = Literal["starting", "indexing", "paused", "ready"]
STATES: tuple[State, ...] = ("starting", "indexing", "paused", "ready")  # the least ready first


class NextForm(Form):
    """A model that takes over once it has embedded all texts: how many it has, and of how many."""

    name: str
    done: int
    total: int


class ModelForm(Form):
    """The embedding model that answers; the dimension is 0 where there is none."""

    name: str = ""
    dimension: int = 0
    precision: str = ""
    device: str = ""
    next: NextForm | None = None


class StoreForm(Form):
    """Where the index lies, and its size in bytes."""

    path: str = ""
    bytes: int = 0


class CacheForm(Form):
    """The share of texts whose vectors were there already, 0 to 1."""

    hit_rate: float = 0.0


class ProgressForm(Form):
    """How far bulk work has come: `share` of all of it, 0 to 1; no time where it is not known."""

    phase: str
    done: int
    total: int
    share: float
    seconds_left: int | None


class WatchingForm(Form):
    """How changes on disk come to be known: by events, by looking through all at an interval.

    `watches` counts folders (elsewhere than on Linux trees of folders), `events` what the system
    told since the indexer began; "nothing" watches where the settings say so.
    """

    by: Literal["events", "polling", "nothing"] = "nothing"
    watches: int = 0
    events: int = 0
    interval_seconds: float | None = None


class FolderStatus(Form):
    """The state of one root.

    `skipped` counts the files that are left out, by reason; `filesRead` how often one was opened
    since the indexer began.
    """

    root: str
    state: State = "starting"
    health: Health = "ok"
    files: int = 0
    symbols: int = 0
    embedded: int = 0
    pending: int = 0
    generation: int = 0
    model: ModelForm = msgspec.field(default_factory=ModelForm)
    store: StoreForm = msgspec.field(default_factory=StoreForm)
    latency: dict[str, MethodLatency] = msgspec.field(default_factory=dict)
    cache: CacheForm = msgspec.field(default_factory=CacheForm)
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    watching: WatchingForm = msgspec.field(default_factory=WatchingForm)
    files_read: int = 0
    progress: ProgressForm | None = None
    problems: list[Problem] = msgspec.field(default_factory=list)


class Status(Form):
    """The state of the session: of all its folders together, and of each."""

    version: str
    state: State
    health: Health
    files: int
    symbols: int
    embedded: int
    pending: int
    generation: int
    model: ModelForm
    store: StoreForm
    latency: dict[str, MethodLatency]
    cache: CacheForm
    problems: list[Problem]
    folders: list[FolderStatus]


class NoArgument(Argument, frozen=True):
    """Nothing but the folder."""


def run(context: Context, _: NoArgument) -> Status:
    """Ask each workspace's indexer, and add up."""
    return summed(context, [folder_status(context, each) for each in context.workspaces])


def folder_status(context: Context, workspace: Workspace) -> FolderStatus:
    """Return the state of one root; an indexer that cannot be reached is a problem among others."""
    try:
        raw = workspace.indexer.call("status", {}, context.cancelled)
        status = msgspec.convert(raw, learnt(FolderStatus))
    except IndexerError as error:
        unreachable = Problem(ERROR, error.message, error.mend)
        status = FolderStatus(root=str(workspace.root), problems=[unreachable])
    if workspace.under:
        _narrow(status, workspace)
    said = {problem.message for problem in status.problems}
    status.problems += [one for one in workspace.problems if one.message not in said]
    status.health = health_of(status.problems)
    return status


def _narrow(status: FolderStatus, workspace: Workspace) -> None:
    """Count what lies in the folder that was asked for alone."""
    try:
        with workspace.read() as snapshot:
            files, symbols, waiting = snapshot.counts_below(workspace.under)
            skipped = snapshot.skipped()
    except StoreError:
        return  # nothing has been indexed yet, and nothing is counted
    status.files, status.symbols = files, symbols
    status.pending = waiting if status.pending else 0  # none waits where none can be made
    status.embedded = symbols - status.pending
    reasons = Counter(reason for path, reason in skipped.items() if workspace.holds(path))
    status.skipped = dict(reasons)


def summed(context: Context, folders: Sequence[FolderStatus]) -> Status:
    """Return the state of several roots as one."""
    first = folders[0] if folders else FolderStatus(root="", state="ready")
    problems = list({one.message: one for each in folders for one in each.problems}.values())
    texts = sum(each.embedded for each in folders) or 1
    rate = sum(each.cache.hit_rate * each.embedded for each in folders) / texts
    return Status(
        version=__version__,
        state=min((each.state for each in folders), key=STATES.index, default="ready"),
        health=health_of(problems),
        files=sum(each.files for each in folders),
        symbols=sum(each.symbols for each in folders),
        embedded=sum(each.embedded for each in folders),
        pending=sum(each.pending for each in folders),
        generation=max((each.generation for each in folders), default=0),
        model=first.model,
        store=StoreForm(path=first.store.path, bytes=sum(each.store.bytes for each in folders)),
        latency=_latency(context, folders),
        cache=CacheForm(hit_rate=round(rate, 4)),
        problems=problems,
        folders=list(folders),
    )


def _latency(context: Context, folders: Iterable[FolderStatus]) -> dict[str, MethodLatency]:
    """Return how long each method takes, those of the indexers as `indexer/…`, the busiest's."""
    found: dict[str, MethodLatency] = {}
    for folder in folders:
        for method, latency in folder.latency.items():
            name = f"indexer/{method}"
            if name not in found or latency.count > found[name].count:
                found[name] = latency
    return {**found, **context.latency}


COMMAND = Command("codearch.status", NoArgument, Status, run)
