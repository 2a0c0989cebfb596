"""`codearch models train`: train a model on code of one's own."""

from __future__ import annotations

import contextlib
import re
import signal
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli._progress import counted
from codearch.cli.models._corpus import corpus_folders, corpus_option, functions_option
from codearch.cli.models._settings import settings_of
from codearch.embedding.training.plan import (
    ALL_LAYERS_RATE,
    FINE_TUNE,
    PRESETS,
    SCRATCH,
    Plan,
    Preset,
    fitted,
    planned,
)
from codearch.errors import EncoderError, UsageError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from codearch.embedding.backends import Backend
    from codearch.embedding.training.checkpoints import Progress
    from codearch.embedding.training.functions import Function
    from codearch.embedding.training.training import Outcome
    from codearch.index.functions import Place

NEEDS = 'Training needs PyTorch. Bring it: pip install "codearchaeologist[torch]"'
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
MEASURED = 400  # functions of the development part
INTERRUPTED = 130
TRAINING = "training"


@click.command(
    "train",
    epilog=examples(
        "codearch models train --name ours",
        "codearch models train --name ours --corpus ~/src/shop --corpus ~/src/tools --steps 2000",
        "codearch models train --name tuned --preset fine-tune --base graphcodebert",
        "codearch models train --name tuned --preset fine-tune --base unixcoder --layers 2",
    ),
)
@click.option("--name", required=True, help="What the model is to be called.")
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default=SCRATCH,
    show_default=True,
    help="A small model that begins as the static one, or a pulled one made fit for your code.",
)
@click.option("--base", default="", help="The pulled model that is fine-tuned.")
@click.option(
    "--layers",
    type=click.IntRange(min=1),
    help="Fine-tune so many of the last layers, instead of a low-rank difference (LoRA) in all.",
)
@click.option("--all-layers", is_flag=True, help="Fine-tune everything; needs a CUDA device.")
@corpus_option("Folder of code to learn from")
@functions_option(
    "How many functions are trained on at most; documented ones first.", least=32, default=5000
)
@click.option("--steps", type=click.IntRange(min=1), help="Batches; 400 from scratch, else 1,000.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--restart", is_flag=True, help="Drop what an earlier training of the name has left.")
@root_option
@json_option
def train(root: Path | None, *, as_json: bool, **given: Any) -> None:
    """Train a model on code of your own, and put it beside those that were pulled.

    Packages are held out whole: one part is measured on while training goes on, another is left
    for `codearch models eval`. What is stopped, by Ctrl-C or by force, goes on where it was when
    the same command is run again.
    """
    home = models_folder(settings_of(root))
    base = _checked(given, home)
    plan = _plan(given, base)
    _need_torch()
    _check_device(plan)
    folders = corpus_folders(given["folders"], root)
    began = time.monotonic()
    outcome = _trained(given, home, base, plan, folders)
    took_ms = round((time.monotonic() - began) * 1000)
    if as_json:
        print_json(_form(given["name"], plan, outcome, took_ms))
    elif outcome.folder is not None:
        _print(given["name"], outcome)
    if outcome.folder is None:
        step = outcome.progress.step
        click.echo(f"Stopped after {step:,} steps: the same command goes on from there.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)


def _checked(given: dict[str, Any], home: Path) -> Backend | None:
    """Return the model that is fine-tuned; UsageError where the options do not fit each other."""
    from codearch.embedding.backends import SHIPPED, all_backends, backend  # noqa: PLC0415
    from codearch.embedding.hub import manifest  # noqa: PLC0415

    name, tuning = given["name"], given["preset"] == FINE_TUNE
    if not NAME.fullmatch(name) or name in {SHIPPED, *all_backends()}:
        message = f"{name!r} cannot be a model's name of your own."
        mend = "It is of small letters, digits, dots, dashes, and no other model's."
        raise UsageError(message, field="name", mend=mend)
    if given["layers"] and given["all_layers"]:
        message = "Give either --layers or --all-layers."
        raise click.UsageError(message)
    if not tuning:
        if given["base"] or given["layers"] or given["all_layers"]:
            message = "--base, --layers and --all-layers belong to --preset fine-tune."
            raise click.UsageError(message)
        return None
    if not given["base"]:
        message = "Fine-tuning begins with a pulled model: name it with --base."
        raise click.UsageError(message)
    if given["base"] == name:
        message = f"{name} cannot be fine-tuned into itself."
        raise UsageError(message, field="name", mend="Give the new one another --name.")
    model = backend(given["base"], home)
    if model.input == "sentence":
        message = f"{model.name} is ONNX: it can be used, not trained."
        raise UsageError(message, field="base")
    if manifest(home, model.name) is None:
        message = f"The weights of {model.name} are not on this machine."
        raise EncoderError(message, mend=f"`codearch models pull {model.name}` fetches them.")
    return model


def _plan(given: dict[str, Any], base: Backend | None) -> Plan:
    preset: Preset = given["preset"]
    plan = planned(preset, given["steps"], given["seed"])
    if base is None:
        return plan
    plan = fitted(plan, base)
    if given["all_layers"]:
        return replace(plan, learned="all", rate=ALL_LAYERS_RATE)
    if given["layers"]:
        return replace(plan, learned="top", top=given["layers"])
    return plan


def _need_torch() -> None:
    try:
        from codearch.embedding.training import training  # noqa: F401, PLC0415 - takes seconds
    except ImportError as error:
        message = f"{NEEDS} ({error.name} is missing)."
        raise EncoderError(message) from error


def _check_device(plan: Plan) -> None:
    from codearch.embedding.training.loop import has_cuda  # noqa: PLC0415

    if plan.base and plan.learned == "all" and not has_cuda():
        message = "Fine-tuning all layers needs a CUDA device, and none can be used here."
        raise EncoderError(message, mend="Without --all-layers a processor will do.")


def _trained(
    given: dict[str, Any], home: Path, base: Backend | None, plan: Plan, folders: Sequence[Path]
) -> Outcome:
    """Read the functions and train on them, with progress."""
    from codearch.embedding.training.training import Request, Told, train  # noqa: PLC0415
    from codearch.index.functions import functions, own_corpus  # noqa: PLC0415

    with _asked_to_stop() as is_stopped, counted() as shown:

        def told(phase: str, done: int, total: int) -> None:
            if is_stopped() and not phase.startswith(TRAINING):
                raise KeyboardInterrupt
            shown(phase, done, total)

        def read(place: Sequence[Place], most: int) -> list[Function]:
            reading = partial(told, "reading functions")
            return functions(place, most, reading, with_views=True)

        parts = own_corpus(folders)
        request = Request(
            given["name"],
            home,
            plan,
            read(parts["training"], given["most"]),
            read(parts["development"], MEASURED),
            base,
            restart=given["restart"],
        )
        return train(
            request,
            Told(
                partial(told, "cutting words"),
                lambda made, _loss: told(_phase(made), made.step, plan.steps),
            ),
            is_stopped,
        )


def _phase(made: Progress) -> str:
    """Return what is being done, and how well it went at best."""
    return f"{TRAINING}, NDCG@10 {made.best[0].score:.3f}," if made.best else TRAINING


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Let a first Ctrl-C end a training between two steps; a second one ends it at once."""
    asked = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _form(name: str, plan: Plan, outcome: Outcome, took_ms: int) -> dict[str, Any]:
    made = outcome.progress
    return {
        "name": name,
        "preset": plan.preset,
        "base": plan.base,
        "finished": outcome.folder is not None,
        "path": str(outcome.folder or ""),
        "device": outcome.device,
        "steps": made.step,
        "resumedAt": outcome.resumed_at,
        "best": [{"ndcg": best.score, "step": best.step} for best in made.best],
        "tookMs": took_ms,
    }


def _print(name: str, outcome: Outcome) -> None:
    best = outcome.progress.best[0]
    ahead = f", from step {outcome.resumed_at:,} on" if outcome.resumed_at else ""
    click.echo(f"{name} was trained for {outcome.progress.step:,} steps{ahead}.")
    click.echo(f"Its best was step {best.step:,}: NDCG@10 {best.score:.3f} on packages held out.")
    click.echo(f"Its weights are in {outcome.folder}.")
    click.echo(f"`codearch models export {name}` makes it fit to be used.")


CLI = train
