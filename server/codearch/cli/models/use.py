"""`codearch models use`: have another model answer, if it finds more than the present one."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli._progress import counted
from codearch.cli._session import session
from codearch.cli.models._ready import FEWEST, check_ready
from codearch.cli.models._settings import settings_of
from codearch.errors import EncoderError, SettingsError
from codearch.settings import find_root, load_settings, models_folder
from codearch.settings.writing import write_user_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.embedding.evaluation.duel import Duel
    from codearch.embedding.training.functions import Function
    from codearch.settings import Settings

MOST = 1_000  # functions to find: one that embeds ten a second has read them in two minutes
KEY = "model.name"


@click.command(
    "use",
    epilog=examples(
        "codearch models use graphcodebert",
        "codearch models use graphcodebert --wait    # until it answers",
        "codearch models use static                  # back to the one that ships",
        "codearch models use ours --force            # whatever it finds",
    ),
)
@click.argument("name")
@click.option("--force", is_flag=True, help="Use it without measuring it.")
@click.option("--wait", is_flag=True, help="Wait until it has embedded the root and answers.")
@root_option
@json_option
def use(name: str, *, force: bool, wait: bool, root: Path | None, as_json: bool) -> None:
    """Have the model NAME answer, in all workspaces of this user.

    It is measured first on functions of the root that have docs: it must find them better, with
    words, than the present one does. The one that ships, and the one in use, need no proof.
    Workspaces embed by it in the background, the present model answers until all is there, and its
    vectors are kept for the way back.
    """
    from codearch.embedding.backends import SHIPPED  # noqa: PLC0415 - numpy comes with it
    from codearch.embedding.hub import model_in_use  # noqa: PLC0415

    began = time.monotonic()
    settings = settings_of(root)
    check_ready(name, settings)
    before = model_in_use(settings)
    measured = None
    if not force and name not in (SHIPPED, before):
        measured = _measured(name, before, settings, find_root(Path.cwd(), root))
        if not measured.won:
            raise EncoderError(
                _refusal(name, before, measured), mend="--force uses it all the same."
            )
    path = write_user_setting(KEY, name)
    _check_obeyed(name, path, root)
    if wait:
        _wait(name, root)
    if as_json:
        print_json(_form(name, before, measured, path, round((time.monotonic() - began) * 1000)))
        return
    if measured is not None:
        click.echo(f"{_sentence(name, before, measured)}.")
    click.echo(f"{name} is written into {path}.")
    if name != before and not wait:
        click.echo(
            f"Workspaces embed by it in the background; {before} answers until that is done."
            " `codearch index` waits for it."
        )


def _measured(name: str, before: str, settings: Settings, root: Path) -> Duel:
    """Return how the two do on a root's functions; raises EncoderError where there are too few."""
    from codearch.embedding.backends import SHIPPED  # noqa: PLC0415
    from codearch.embedding.chosen import loaded  # noqa: PLC0415
    from codearch.embedding.evaluation.duel import duel  # noqa: PLC0415
    from codearch.embedding.evaluation.judges import Vectors, Words  # noqa: PLC0415
    from codearch.embedding.shipped import shipped_encoder  # noqa: PLC0415

    with counted() as told:
        found = _functions(name, before, settings, root, partial(told, "reading functions"))
        judges = [
            Vectors(
                shipped_encoder() if one == SHIPPED else loaded(one, settings),
                partial(told, f"measuring {one}"),
            )
            for one in (before, name)
        ]
        measured = duel(Words(), judges[0], judges[1], found)
    if measured is None:  # there are questions, as has been checked
        message = f"{root} has nothing to measure by."
        raise EncoderError(message)
    return measured


def _functions(
    name: str, before: str, settings: Settings, root: Path, told: Any
) -> Sequence[Function]:
    """Return functions of a root that neither model was trained on here."""
    from codearch.embedding.training.seen import seen  # noqa: PLC0415
    from codearch.index.functions import functions, mixed, places  # noqa: PLC0415

    home = models_folder(settings)
    known = seen(home, name) | seen(home, before)
    held = functions(mixed(places([root])), MOST, told, with_views=False)
    found = [one for one in held if one.body not in known]
    asked = sum(bool(one.question) for one in found)
    if asked < FEWEST:
        message = (
            f"{root} has {asked} documented functions that neither model was trained on;"
            f" {FEWEST} are needed to measure {name}."
        )
        mend = "Name another root with --root; --force uses the model without measuring it."
        raise EncoderError(message, mend=mend)
    return found


def _wait(name: str, root: Path | None) -> None:
    """Return when a model answers for a root; raise EncoderError where it cannot."""
    with session(root, needs=None) as context:
        indexer = context.workspaces[0].indexer
        indexer.call("index")
        status = indexer.call("status")
    if status["model"]["name"] != name:
        reasons = [one for one in status["problems"] if name in one["message"]]
        message = reasons[0]["message"] if reasons else f"{name} does not answer."
        mend = reasons[0]["mend"] if reasons else ""
        raise EncoderError(message, mend=mend or "`codearch status` tells more.")


def _check_obeyed(name: str, path: Path, root: Path | None) -> None:
    """Raise SettingsError where a stronger setting names another model."""
    used = load_settings(find_root(Path.cwd(), root)).settings.model.name
    if used != name:
        message = f"{name} is written into {path}, but CODEARCH_MODEL_NAME asks for {used}."
        raise SettingsError(message, mend="Unset CODEARCH_MODEL_NAME.")


def _sentence(name: str, before: str, measured: Duel) -> str:
    difference = measured.difference
    return (
        f"Of {measured.functions:,} functions, with words, {name} finds those asked for with"
        f" NDCG@10 {measured.next.value:.3f}, {before} with {measured.present.value:.3f}"
        f" (difference {difference.value:+.3f}; 95 % of resamplings {difference.low:+.3f} to"
        f" {difference.high:+.3f})"
    )


def _refusal(name: str, before: str, measured: Duel) -> str:
    return f"{name} does not find more than {before}. {_sentence(name, before, measured)}."


def _form(
    name: str, before: str, measured: Duel | None, path: Path, took_ms: int
) -> dict[str, Any]:
    import msgspec  # noqa: PLC0415

    return {
        "name": name,
        "before": before,
        "measured": None if measured is None else msgspec.to_builtins(measured),
        "file": str(path),
        "tookMs": took_ms,
    }


CLI = use
