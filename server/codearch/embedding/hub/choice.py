"""Which model is used: the one that was asked for, else the next one that is here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codearch.embedding.backends import SHIPPED, all_backends
from codearch.embedding.hub.breaker import Hosts
from codearch.embedding.hub.installed import artifacts, manifest, workshop
from codearch.embedding.hub.patience import clock_time
from codearch.embedding.runtimes import has_runtime
from codearch.problems import NOTE, WARNING, Problem
from codearch.settings import models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codearch.settings import Settings

RUNTIME = 'pip install "codearchaeologist[onnx]"'  # brings what runs a model


def in_use(wanted: str, ready: Callable[[str], bool]) -> str:
    """Return the first model that is ready: the wanted one, its fallback, and so on.

    The one that ships is always ready.
    """
    name = wanted
    while name != SHIPPED and not ready(name):
        one = all_backends().get(name)
        name = one.fallback if one is not None else SHIPPED
    return name


def model_in_use(settings: Settings) -> str:
    """Return the name of the model that answers, as the settings and the disk have it."""
    home = models_folder(settings)
    return in_use(settings.model.name, lambda name: is_ready(home, name))


def is_ready(home: Path, name: str) -> bool:
    """Say whether a model can be run: it is there as ONNX, and so is what runs that."""
    return is_made(home, name) and has_runtime()


def is_made(home: Path, name: str) -> bool:
    """Say whether a model is there as ONNX: it was exported, or was ONNX when it was pulled."""
    one = all_backends().get(name)
    if one is not None and one.input == "sentence":
        return manifest(home, name) is not None
    return bool(artifacts(home, name))


def model_problems(settings: Settings, now: float | None = None) -> list[Problem]:
    """Return what is off with the choice of a model, for the status: cheap, nothing is opened."""
    return list(_problems(settings, time.time() if now is None else now))


def _problems(settings: Settings, now: float) -> Iterator[Problem]:
    wanted, used, home = settings.model.name, model_in_use(settings), models_folder(settings)
    if used != wanted and wanted in all_backends(home):
        yield _replaced(wanted, used, home)
    for name, host in sorted(Hosts(workshop(home)).resting(now).items()):
        until = clock_time(host.rests_until, now)
        message = (
            f"No models are fetched from {name} before {until}: it failed or asked for a rest."
        )
        yield Problem(NOTE, message, "`codearch models pull` tries again after that.")


def _replaced(wanted: str, used: str, home: Path) -> Problem:
    """Return why another model than the wanted one is used."""
    if is_made(home, wanted):
        message = f"{wanted} needs ONNX Runtime, which is not installed, so {used} is used."
        return Problem(WARNING, message, RUNTIME)
    if manifest(home, wanted) is None:
        message = f"The embedding model {wanted} is not on this machine, so {used} is used."
        return Problem(WARNING, message, f"`codearch models pull {wanted}` fetches it.")
    message = f"The weights of {wanted} are here, but nothing that runs yet, so {used} is used."
    mend = f"`codearch models export {wanted}` makes it."
    return Problem(WARNING, message, mend)
