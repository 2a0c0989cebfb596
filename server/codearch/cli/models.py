"""`codearch models`: embedding models, those that are here and those that can be fetched."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from codearch.cli._downloads import shown
from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.errors import EncoderError, UsageError
from codearch.settings import find_root, load_settings, models_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.embedding.backends import Backend
    from codearch.embedding.hub.pull import Pulled
    from codearch.settings import Settings

MB = 1_000_000


@click.group(
    "models",
    epilog=examples(
        "codearch models list",
        "codearch models pull graphcodebert",
        "codearch models pull unixcoder --from ~/Downloads/unixcoder-base",
        "codearch models pull codebert --endpoint https://mirror.example.org",
    ),
)
def models() -> None:
    """Show embedding models and fetch their weights. The one in use is set by model.name.

    Fetching sends nothing but the names of the model's files.
    """


@models.command(
    "list",
    epilog=examples("codearch models list", "codearch models list --json | jq '.models[].name'"),
)
@root_option
@json_option
def list_(root: Path | None, *, as_json: bool) -> None:
    """List the models: what kind they are, their licence, what is here of them and its size."""
    settings = _settings(root)
    home = models_folder(settings)
    rows = _rows(settings, home)
    if as_json:
        used = next(row["name"] for row in rows if row["inUse"])
        print_json({"models": rows, "inUse": used, "folder": str(home)})
        return
    for row in rows:
        _print(row)
    fetched = sum(row["bytes"] for row in rows if row["state"] in ("pulled", "exported"))
    click.echo(f"{fetched / MB:10,.1f} MB  in {home}")


@models.command(
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
    from codearch.embedding.backends import backend  # noqa: PLC0415 - numpy comes with it

    if source is not None and endpoint is not None:
        message = "Give either --from or --endpoint."
        raise click.UsageError(message)
    settings = _settings(root)
    model = backend(name)
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


def _settings(root: Path | None) -> Settings:
    return load_settings(find_root(Path.cwd(), root)).obeyed()


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


def _rows(settings: Settings, home: Path) -> list[dict[str, Any]]:
    """Return all models as objects: the one that ships, then those that can be fetched."""
    from codearch.embedding.backends import SHIPPED, all_backends  # noqa: PLC0415
    from codearch.embedding.hub import model_in_use  # noqa: PLC0415

    used = model_in_use(settings)
    rows = [_shipped_row(used == SHIPPED)]
    rows += [_row(one, home, used == one.name) for one in all_backends().values()]
    return rows


def _shipped_row(used: bool) -> dict[str, Any]:
    from codearch.embedding.backends import SHIPPED  # noqa: PLC0415
    from codearch.embedding.hub.installed import size  # noqa: PLC0415
    from codearch.embedding.shipped import shipped_encoder, shipped_folder  # noqa: PLC0415

    try:
        dimension, state = shipped_encoder().dimension, "shipped"
    except EncoderError:  # `codearch doctor` says what is wrong with it
        dimension, state = 0, "broken"
    return {
        "name": SHIPPED,
        "title": "Sub-word vectors: instant on any processor",
        "family": "static",
        "input": "text",
        "dimension": dimension,
        "licence": "Apache-2.0",
        "repository": "",
        "revision": "",
        "state": state,
        "artifacts": [],
        "path": str(shipped_folder()),
        "bytes": size(shipped_folder()),
        "inUse": used,
    }


def _row(one: Backend, home: Path, used: bool) -> dict[str, Any]:
    from codearch.embedding.hub import artifacts, manifest  # noqa: PLC0415
    from codearch.embedding.hub.installed import size  # noqa: PLC0415

    stored, made = manifest(home, one.name), artifacts(home, one.name)
    folder = home / one.name
    return {
        "name": one.name,
        "title": one.title,
        "family": "transformer",
        "input": one.input,
        "dimension": one.dimension,
        "licence": one.licence,
        "repository": one.repository,
        "revision": stored.revision if stored is not None else one.revision,
        "state": "exported" if made else "pulled" if stored is not None else "absent",
        "artifacts": made,
        "path": str(folder) if folder.is_dir() else "",
        "bytes": size(folder) if folder.is_dir() else 0,
        "inUse": used,
    }


def _print(row: Mapping[str, Any]) -> None:
    name = styled(f"{row['name']:<14}", bold=True)
    command = f"codearch models pull {row['name']}"
    if not row["repository"]:
        command += " --from FOLDER"
    here = {
        "shipped": "comes with the program",
        "broken": "cannot be read: `codearch doctor` says why",
        "exported": "ready to be used",
        "pulled": "its weights are here",
        "absent": f"not here: `{command}`",
    }[row["state"]]
    used = styled(" (in use)", fg="green") if row["inUse"] else ""
    size = f"{row['bytes'] / MB:10,.1f} MB" if row["bytes"] else f"{'-':>10}   "
    click.echo(f"{size}  {name} {row['family']:<12} {row['licence']:<11} {here}{used}")
    click.echo(f"               {row['title']}")


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


CLI = models
