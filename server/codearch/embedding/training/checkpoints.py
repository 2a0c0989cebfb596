"""What a training leaves on disk: its last state, to go on from, and the weights of its best three.

<models>/<name>/training/
    training.json       what it is: a training with other options does not go on from it
    last.pt             weights, optimiser, step, and which the best are
    best-<step>.pt      weights alone
"""

from __future__ import annotations

import os
import pickle
import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from codearch.checked import learnt
from codearch.embedding.training.plan import Plan
from codearch.errors import EncoderError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

KEPT = 3
DESCRIPTION, LAST = "training.json", "last.pt"
UNFINISHED = "."  # begins the name of a file that is being written


class Training(msgspec.Struct, frozen=True):
    """What `training.json` says."""

    fingerprint: str
    plan: Plan


class Best(msgspec.Struct, frozen=True):
    """A measurement: NDCG@10 on the development part, and after how many steps."""

    score: float
    step: int


class Progress(msgspec.Struct):
    """How far a training is: steps done, its best ones, measurements since a better one."""

    step: int = 0
    best: list[Best] = []
    waited: int = 0
    finished: bool = False


def is_begun(folder: Path, training: Training, *, restart: bool) -> bool:
    """Say whether a training lies here to go on from, and note it where it is new.

    UsageError where another one lies here and nobody said to restart.
    """
    if restart:
        shutil.rmtree(folder, ignore_errors=True)
    for path in folder.glob(f"{UNFINISHED}*"):  # of a training that was killed while it wrote
        path.unlink()
    if not (folder / LAST).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / DESCRIPTION, msgspec.json.format(msgspec.json.encode(training)))
        return False
    try:
        found = msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=learnt(Training))
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{folder / DESCRIPTION} cannot be read: {error}."
        raise EncoderError(message, mend="`--restart` begins anew.") from error
    if found.fingerprint != training.fingerprint:
        message = f"{folder.parent.name} was trained with other options or on other code."
        mend = "`--restart` begins anew, another `--name` keeps what is there."
        raise UsageError(message, field="name", mend=mend)
    return True


def save(folder: Path, progress: Progress, state: dict[str, Any]) -> None:
    """Write the last state; the one before is there until this one is whole."""
    _save(folder / LAST, {"progress": msgspec.to_builtins(progress), **state})
    kept = {f"best-{best.step}.pt" for best in progress.best}
    for path in folder.glob("best-*.pt"):
        if path.name not in kept:
            path.unlink()


def load(folder: Path) -> tuple[Progress, dict[str, Any]]:
    """Read the last state; EncoderError where it cannot be read."""
    state = _load(folder / LAST)
    return msgspec.convert(state.pop("progress"), learnt(Progress)), state


def save_best(folder: Path, progress: Progress, score: float, weights: dict[str, Tensor]) -> None:
    """Keep a measurement's weights if it is among the best; `save` drops what no longer is.

    Of equal ones the first goes ahead.
    """
    made = Best(score, progress.step)
    is_better = not progress.best or score > progress.best[0].score
    progress.waited = 0 if is_better else progress.waited + 1
    ranked = sorted([*progress.best, made], key=lambda best: (-best.score, best.step))
    progress.best = ranked[:KEPT]
    if made in progress.best:
        _save(folder / f"best-{made.step}.pt", weights)


def load_best(folder: Path, progress: Progress) -> dict[str, Tensor]:
    """Read the weights of the best measurement."""
    return _load(folder / f"best-{progress.best[0].step}.pt")


def _save(path: Path, value: dict[str, Any]) -> None:
    beside = path.with_name(f"{UNFINISHED}{path.name}-{os.getpid()}")
    torch.save(value, beside)
    beside.replace(path)


def _load(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        message = f"{path} cannot be read: {str(error).splitlines()[0]}"
        raise EncoderError(message, mend="`--restart` begins anew.") from error
    return found


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{UNFINISHED}{path.name}-{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
