"""`codearch models pull`: bring a model's weights onto this machine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from codearch.cli._downloads import shown
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json
from codearch.cli.models._settings import MB, settings_of
from codearch.errors import UsageError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from codearch.embedding.backends import Backend
    from codearch.embedding.hub.pull import Pulled
    from codearch.settings import Settings


@click.command(
    "pull",
    epilog=examples(
        "codearch models pull graphcodebert",
        "codearch models pull graphcodebert --from ./graphcodebert-base",
        "codearch models pull local --from ./my-sentence-model",
        "HTTPS_PROXY=http://proxy:3128 codearch models pull unixcoder",
    ),
)
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    help="Take the model from this folder instead of the network.",
)
@click.option("--endpoint", metavar="URL", help="Address of a hub or a mirror of it.")
@root_option
@json_option
def pull(
    name: str, source: Path | None, endpoint: str | None, root: Path | None, *, as_json: bool
) -> None:
    """Bring the weights of the model NAME onto this machine.

    A transfer that breaks off goes on where it stopped when the command is run again. Every file
    is compared with its published checksum, and the model appears whole or not at all.
    """
    from codearch.embedding.backends import all_backends, backend  # noqa: PLC0415 - numpy

    if source is not None and endpoint is not None:
        message = "Give either --from or --endpoint."
        raise click.UsageError(message)
    settings = settings_of(root)
    model = backend(name, models_folder(settings))
    if name not in all_backends():
        message = f"{name} was trained on this machine: nobody publishes it."
        mend = "To have it elsewhere, copy its folder, which `codearch models list --json` names."
        raise UsageError(message, field="name", mend=mend)
    began = time.monotonic()
    done = (
        _fetched(model, settings, endpoint)
        if source is None
        else _taken(model, models_folder(settings), source)
    )
    if as_json:
        print_json(_outcome(done, round((time.monotonic() - began) * 1000)))
        return
    size = done.manifest.bytes / MB
    verb = "is here" if done.fetched else "was here already, whole"
    click.echo(f"{name} {verb}: {size:,.1f} MB from {done.manifest.origin}, in {done.folder}")


def _fetched(model: Backend, settings: Settings, endpoint: str | None) -> Pulled:
    """Fetch a model from a hub."""
    from codearch.embedding.hub.breaker import Hosts  # noqa: PLC0415
    from codearch.embedding.hub.client import HUB, Hub  # noqa: PLC0415 - urllib3 costs 0.1 s
    from codearch.embedding.hub.installed import workshop  # noqa: PLC0415
    from codearch.embedding.hub.pull import pull as fetch  # noqa: PLC0415

    if not model.repository:
        message = f"{model.name} is a model of your own: nobody publishes it."
        mend = f"`codearch models pull {model.name} --from FOLDER` takes it from a folder."
        raise UsageError(message, field="from", mend=mend)
    address = endpoint or settings.model.endpoint or os.environ.get("HF_ENDPOINT") or HUB
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
        message = f"{address} is no address of a hub."
        raise UsageError(message, field="endpoint", mend="It begins with https://.")
    home = models_folder(settings)
    with shown(model.name) as told:
        hub = Hub(address, Hosts(workshop(home)), mend=_ways(model), say=told.say)
        try:
            return fetch(model, home, hub, told)
        except KeyboardInterrupt:
            told.say("What has arrived is kept: the same command goes on from there.")
            raise


def _taken(model: Backend, home: Path, source: Path) -> Pulled:
    """Take a model from a folder."""
    from codearch.embedding.hub.pull import take  # noqa: PLC0415

    with shown(model.name) as told:
        return take(model, home, source.expanduser(), told)


def _ways(model: Backend) -> str:
    """Return what to do where the hub is of no use."""
    names = ", ".join(" or ".join(one.names) for one in model.files if one.required)
    return (
        "Try again later, name a mirror with --endpoint (or HF_ENDPOINT, or model.endpoint in your"
        f" settings), or get {names} of {model.repository} on another machine and run"
        f" `codearch models pull {model.name} --from FOLDER`. Until then another model answers."
    )


def _outcome(done: Pulled, took_ms: int) -> dict[str, Any]:
    made = done.manifest
    return {
        "name": made.name,
        "origin": made.origin,
        "revision": made.revision,
        "licence": made.licence,
        "path": str(done.folder),
        "bytes": made.bytes,
        "files": [
            {"path": one.path, "bytes": one.bytes, "sha256": one.sha256} for one in made.files
        ],
        "fetched": done.fetched,
        "tookMs": took_ms,
    }


CLI = pull
