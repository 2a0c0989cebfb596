"""The loop: AdamW under a cosine schedule with warm-up, measured, saved, stopped early.

It computes in bfloat16 (else float16, with a scaled loss) on CUDA, in float32 on processors. On a
processor the same plan gives the same weights, however often it was interrupted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from codearch.embedding.training import checkpoints
from codearch.embedding.training.checkpoints import Progress
from codearch.embedding.training.lessons import turn
from codearch.embedding.training.losses import alike, info_nce, nt_xent
from codearch.embedding.transformer import gates
from codearch.embedding.transformer.inputs import batch
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import Tensor

    from codearch.embedding.training.lessons import Lesson, Lessons
    from codearch.embedding.training.plan import Plan
    from codearch.embedding.transformer.inputs import GraphInput, Special
    from codearch.embedding.transformer.network import Network

LOWEST_RATE = 0.05  # of the plan's, at the end
MEASURED_AT_ONCE = 64

Told = Callable[[Progress, float], None]  # and the loss of the step


class Loop:
    """A network while it is trained. `progress` says how far it is."""

    def __init__(self, network: Network, lessons: Lessons, plan: Plan, folder: Path) -> None:
        self.device = torch.device("cuda" if has_cuda() else "cpu")
        self.progress = Progress()
        self._network: Network = network.to(self.device).train()
        self._lessons, self._plan, self._folder = lessons, plan, folder
        self._learned = {name: one for name, one in network.named_parameters() if one.requires_grad}
        self._optimiser = torch.optim.AdamW(
            _groups(self._learned, plan.decay), lr=plan.rate, betas=(0.9, 0.98)
        )
        self._kind = _precision(self.device)
        self._scaler = torch.amp.GradScaler(self.device.type, enabled=self._kind is torch.float16)

    def resume(self) -> None:
        """Go on from the last checkpoint."""
        self.progress, state = checkpoints.load(self._folder)
        self._put(state["weights"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._scaler.load_state_dict(state["scaler"])

    def run(self, told: Told, is_stopped: Callable[[], bool]) -> bool:
        """Train to the end; return False where it was stopped before, with a checkpoint left."""
        plan, progress = self._plan, self.progress
        while not progress.finished:
            if is_stopped():
                self._save()
                return False
            loss = self._step()
            progress.step += 1
            last = progress.step >= plan.steps
            if progress.step % plan.every == 0 or last:
                self._measure()
                progress.finished = last or progress.waited >= plan.patience
                self._save()
            told(progress, loss)
        return True

    def best(self) -> Network:
        """Return the network as it was when it was best."""
        self._put(checkpoints.load_best(self._folder, self.progress))
        self._network.cpu().eval()
        return self._network

    def _step(self) -> float:
        """Learn from one batch; return its loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate_at(self._plan, self.progress.step)
        loss = self._loss()
        self._optimiser.zero_grad()
        self._scaler.scale(loss).backward()
        self._scaler.unscale_(self._optimiser)
        torch.nn.utils.clip_grad_norm_(self._learned.values(), self._plan.clip)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        return float(loss.detach())

    def _loss(self) -> Tensor:
        """Return the loss over the views of a batch, and over its questions where it has some."""
        plan = self._plan
        made = turn(self._lessons.training, plan, self.progress.step)
        bodies = torch.tensor([one.body for one in made.lessons], device=self.device)
        docs = torch.tensor([one.doc for one in made.lessons], device=self.device)
        views = [*made.first, *made.second]
        seen = self._rows(views)
        count = len(made.lessons)
        same = alike(bodies, docs).repeat(2, 2) | alike(self._numbered(views))
        by_views = nt_xent(seen[:count], seen[count:], same)
        asked = [at for at, one in enumerate(made.lessons) if one.question is not None]
        if len(asked) < 2:
            return by_views
        chosen = [made.lessons[at] for at in asked]
        questions = self._rows([one.question for one in chosen if one.question is not None])
        code = self._rows([one.code for one in chosen])
        by_questions = info_nce(questions, code, alike(bodies[asked], docs[asked]))
        return plan.views_share * by_views + (1 - plan.views_share) * by_questions

    def _numbered(self, inputs: Sequence[GraphInput]) -> Tensor:
        """Return the same number for inputs that read the same."""
        known: dict[GraphInput, int] = {}
        found = [known.setdefault(one, len(known)) for one in inputs]
        return torch.tensor(found, device=self.device)

    def _rows(self, inputs: Sequence[GraphInput]) -> Tensor:
        """Return unit rows; the head is computed in float32 as it is when exported."""
        ids, positions, mask = _tensors(inputs, self._lessons.special, self.device)
        with torch.autocast(
            self.device.type, dtype=self._kind, enabled=self._kind is not torch.float32
        ):
            pooled = self._network.pooled(ids, positions, mask)
        rows: Tensor = self._network.head(pooled.float())
        return rows

    def _measure(self) -> None:
        """Take NDCG@10 on the development part, and keep the weights if they are among the best."""
        score = self._score(self._lessons.development)
        if not math.isfinite(score):
            message = f"The training came to no numbers after {self.progress.step} steps."
            raise EncoderError(message, mend="Try another --seed, or more code.")
        learned = {name: one.detach().cpu() for name, one in self._learned.items()}
        checkpoints.save_best(self._folder, self.progress, score, learned)

    def _score(self, measured: Sequence[Lesson]) -> float:
        self._network.eval()
        with torch.inference_mode():
            code = self._all_rows([one.code for one in measured])
            questions = self._all_rows([one.question for one in measured if one.question])
        self._network.train()
        if not (np.isfinite(code).all() and np.isfinite(questions).all()):
            return math.nan
        return gates.ndcg(questions, code, range(len(measured)))

    def _all_rows(self, inputs: Sequence[GraphInput]) -> Any:
        parts = [
            self._rows(inputs[at : at + MEASURED_AT_ONCE]).cpu().numpy()
            for at in range(0, len(inputs), MEASURED_AT_ONCE)
        ]
        return np.concatenate(parts)

    def _save(self) -> None:
        state = {
            "weights": {name: one.detach().cpu() for name, one in self._learned.items()},
            "optimiser": self._optimiser.state_dict(),
            "scaler": self._scaler.state_dict(),
        }
        checkpoints.save(self._folder, self.progress, state)

    def _put(self, weights: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, one in self._learned.items():
                one.copy_(weights[name])


class _Group(NamedTuple):
    params: list[Tensor]
    weight_decay: float


def rate_at(plan: Plan, step: int) -> float:
    """Return the rate of a step: up in a line, then down in half a cosine."""
    warm = max(round(plan.steps * plan.warm_up), 1)
    if step < warm:
        return plan.rate * (step + 1) / warm
    share = (step - warm) / max(plan.steps - warm, 1)
    return plan.rate * (LOWEST_RATE + (1 - LOWEST_RATE) * (1 + math.cos(math.pi * share)) / 2)


def _groups(learned: dict[str, Tensor], decay: float) -> list[dict[str, Any]]:
    """Return the weights in two groups: norms and biases do not decay."""
    matrices = _Group([one for one in learned.values() if one.dim() > 1], decay)
    others = _Group([one for one in learned.values() if one.dim() <= 1], 0.0)
    return [group._asdict() for group in (matrices, others) if group.params]


def has_cuda() -> bool:
    """Say whether there is a CUDA device."""
    return bool(torch.cuda.is_available())


def _precision(device: torch.device) -> torch.dtype:
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _tensors(
    inputs: Sequence[GraphInput], special: Special, device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    made = batch(inputs, special, max(one.length for one in inputs))
    ids, positions, mask = (
        torch.from_numpy(one).to(device) for one in (made.ids, made.positions, made.mask)
    )
    return ids, positions, mask
