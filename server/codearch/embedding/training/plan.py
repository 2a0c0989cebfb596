"""What a training does: its presets, and what makes two trainings the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from codearch.embedding.backends import Lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.embedding.backends import Backend
    from codearch.embedding.training.functions import Function

Preset = Literal["scratch", "fine-tune"]
SCRATCH: Preset = "scratch"
FINE_TUNE: Preset = "fine-tune"
PRESETS = (SCRATCH, FINE_TUNE)
Learned = Literal["all", "low-rank", "top"]


class Sizes(msgspec.Struct, frozen=True):
    """The sizes of a small network, which begins as the static model."""

    pieces: int = 16_000  # of the vocabulary; half as many would cut more names apart
    hidden: int = 256
    layers: int = 2
    heads: int = 4
    inner: int = 512


class Plan(msgspec.Struct, frozen=True):
    """One training. Rates are those at the top of the schedule; lengths are in tokens and nodes.

    learned: `all` weights, a `low-rank` difference of queries and values and the head, or the `top`
    layers and the head. patience: measurements without a better one before it stops.
    """

    preset: Preset
    steps: int
    batch: int  # functions
    rate: float
    learned: Learned
    lengths: Lengths
    view_lengths: Lengths
    sizes: Sizes | None = None
    base: str = ""
    top: int = 0
    seed: int = 0
    warm_up: float = 0.1  # share of the steps
    decay: float = 0.01
    clip: float = 1.0  # of the gradient's norm
    views_share: float = 0.3  # of the loss
    every: int = 50  # steps between two measurements
    patience: int = 5


SCRATCH_LENGTHS = (Lengths(96, 24), Lengths(48, 12))  # the longest is what is trained with

PLANS: dict[Preset, Plan] = {
    SCRATCH: Plan(
        preset=SCRATCH,
        steps=400,
        batch=64,
        rate=5e-4,
        learned="all",
        lengths=SCRATCH_LENGTHS[0],
        view_lengths=Lengths(48),
        sizes=Sizes(),
    ),
    FINE_TUNE: Plan(
        preset=FINE_TUNE,
        steps=1_000,
        batch=32,
        rate=2e-4,
        learned="low-rank",
        lengths=Lengths(128, 32),
        view_lengths=Lengths(96),
    ),
}
ALL_LAYERS_RATE = 2e-5  # moves what was learned before as little as is usual


def planned(preset: Preset, steps: int | None, seed: int) -> Plan:
    """Return a preset with so many steps, its own number if None; measured ten times or more."""
    plan = PLANS[preset]
    wanted = steps or plan.steps
    every = min(plan.every, max(wanted // 10, 1))
    return replace(plan, steps=wanted, seed=seed, every=every)


def fitted(plan: Plan, base: Backend) -> Plan:
    """Return the plan for a model: no longer inputs than it can take, nodes if it knows them."""
    most = base.lengths[0]
    nodes = most.nodes if base.input == "graph" else 0
    return replace(
        plan,
        base=base.name,
        lengths=Lengths(min(plan.lengths.tokens, most.tokens), min(plan.lengths.nodes, nodes)),
        view_lengths=Lengths(min(plan.view_lengths.tokens, most.tokens)),
    )


def fingerprint(plan: Plan, base_digest: str, parts: Sequence[Sequence[Function]]) -> str:
    """Return the SHA-256 of all that shapes the weights: the plan, the base and the functions."""
    seen = hashlib.sha256(msgspec.msgpack.encode((plan, base_digest)))
    for part in parts:
        seen.update(
            msgspec.msgpack.encode([(one.form.code, one.question, one.views) for one in part])
        )
    return seen.hexdigest()
