"""A training from its functions to a model that can be exported: begun, gone on with, installed."""

from __future__ import annotations

import contextlib
import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

import filelock
import msgspec

from codearch.embedding.backends import Trained, write
from codearch.embedding.hub.installed import (
    MANIFEST,
    Manifest,
    StoredFile,
    sha256,
    weights_folder,
    workshop,
)
from codearch.embedding.hub.pull import moved_in
from codearch.embedding.shipped import shipped_encoder
from codearch.embedding.training import checkpoints, low_rank
from codearch.embedding.training.checkpoints import Progress, Training
from codearch.embedding.training.lessons import lessons
from codearch.embedding.training.loop import Loop
from codearch.embedding.training.plan import SCRATCH_LENGTHS, fingerprint
from codearch.embedding.training.seen import note
from codearch.embedding.training.starting import (
    DIMENSION,
    Start,
    from_published,
    from_static,
    write_vocabulary,
)
from codearch.embedding.transformer import weights
from codearch.embedding.transformer.vocabulary import FILES, Vocabulary
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codearch.embedding.backends import Backend
    from codearch.embedding.training.functions import Function
    from codearch.embedding.training.lessons import Lessons
    from codearch.embedding.training.plan import Plan

FEWEST = 32  # functions with questions, to train on; half as many to measure on
FOLDER = "training"


class Request(NamedTuple):
    """What to train, on what, and under which name; `base` is the published model that it tunes."""

    name: str
    home: Path
    plan: Plan
    training: Sequence[Function]
    development: Sequence[Function]
    base: Backend | None = None
    restart: bool = False


class Outcome(NamedTuple):
    """How a training ended; `folder` is None where it was stopped, to be gone on with."""

    progress: Progress
    resumed_at: int  # step; 0 where it began
    device: str
    folder: Path | None


class Told(NamedTuple):
    """Who hears of a training."""

    reading: Callable[[int, int], None]  # functions done, of how many
    step: Callable[[Progress, float], None]  # and its loss


def train(request: Request, told: Told, is_stopped: Callable[[], bool]) -> Outcome:
    """Train a model, from where an earlier run of the same left off, and install its best weights.

    Raises UsageError where another training has the name, EncoderError where there is too little.
    """
    place = request.home / request.name / FOLDER
    base = weights_folder(request.home, request.base.name) if request.base else None
    digest = sha256(weights.weights_file(base)) if base else shipped_encoder().id
    made = Training(
        fingerprint(request.plan, digest, (request.training, request.development)), request.plan
    )
    with _alone(request):
        resuming = checkpoints.is_begun(place, made, restart=request.restart)
        if request.plan.sizes is not None and not resuming:
            write_vocabulary(request.training, request.plan.sizes.pieces, place)
        loop, start = _loop(request, place, base, told)
        if resuming:
            loop.resume()
        before = loop.progress.step
        done = loop.run(told.step, is_stopped)
        folder = _installed(request, loop, start, made.fingerprint) if done else None
        return Outcome(loop.progress, before, str(loop.device), folder)


def _find_enough(taught: Lessons) -> None:
    asked = sum(one.question is not None for one in taught.training)
    measured = len(taught.development)
    if asked < FEWEST or measured < FEWEST // 2:
        message = (
            f"{asked} documented functions to train on and {measured} others to measure on are too"
            f" few: {FEWEST} and {FEWEST // 2} are needed."
        )
        raise EncoderError(message, mend="Name more folders: `--corpus FOLDER`, repeatable.")


@contextlib.contextmanager
def _alone(request: Request) -> Iterator[None]:
    """Hold the training's lock, so that two processes do not write the same checkpoints."""
    folder = workshop(request.home)
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(str(folder / f"{request.name}.training.lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        message = f"Another process is training {request.name}."
        raise EncoderError(message, mend="Wait for it, or take another `--name`.") from error
    try:
        yield
    finally:
        lock.release()


def _loop(request: Request, place: Path, base: Path | None, told: Told) -> tuple[Loop, Start]:
    """Return the loop before its first step."""
    plan = request.plan
    vocabulary = Vocabulary(place if base is None else base)
    around = (["<s>"], ["</s>"])
    if request.base is not None:
        around = (list(request.base.prefix), list(request.base.suffix))
    parts = (request.training, request.development)
    taught = lessons(parts, vocabulary, around, plan, told.reading)
    _find_enough(taught)
    if base is not None:
        start = from_published(base, plan, taught)
    else:
        assert plan.sizes is not None  # noqa: S101 - a plan without a base has sizes
        start = from_static(plan.sizes, place, SCRATCH_LENGTHS[0], plan.seed)
    return Loop(start.network, taught, plan, place), start


def _installed(request: Request, loop: Loop, start: Start, fingerprinted: str) -> Path:
    """Write the best weights as a checkpoint is published, put it in its place, make it known."""
    network = loop.best()
    low_rank.merge(network)
    beside = workshop(request.home) / f".{request.name}.trained"
    shutil.rmtree(beside, ignore_errors=True)  # of a training that was killed here
    beside.mkdir(parents=True)
    weights.write(beside, network, start.shape)
    for name in FILES:
        shutil.copyfile(start.vocabulary / name, beside / name)
    names = ("config.json", *FILES, weights.WEIGHTS[0])
    files = tuple(
        StoredFile(name, (beside / name).stat().st_size, sha256(beside / name)) for name in names
    )
    known = _described(request, start)
    manifest = Manifest(
        request.name,
        f"trained here: {known.title}",
        fingerprinted[:16],
        known.licence,
        int(time.time()),
        files,
    )
    (beside / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    moved_in(request.home, beside, manifest)
    note(request.home, request.name, request.training)
    write(request.home, request.name, known)
    return weights_folder(request.home, request.name)


def _described(request: Request, start: Start) -> Trained:
    """Return what is to be known of the model."""
    base = request.base
    groups = len({one.group for one in request.training})
    title = (
        f"{base.name if base else 'A small transformer'} trained on"
        f" {len(request.training):,} functions of {groups:,} packages"
    )
    return Trained(
        title=title,
        licence=base.licence if base else "yours",
        input="text" if base and base.input == "text" else "graph",
        dimension=start.shape.hidden,
        vector=DIMENSION,
        lengths=base.lengths if base else SCRATCH_LENGTHS,
        prefix=base.prefix if base else ("<s>",),
        suffix=base.suffix if base else ("</s>",),
    )
