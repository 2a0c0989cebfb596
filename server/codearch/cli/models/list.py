"""`codearch models list`: the models, and what is here of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli.models._settings import MB, settings_of
from codearch.errors import EncoderError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codearch.embedding.backends import Backend
    from codearch.settings import Settings


@click.command(
    "list",
    epilog=examples("codearch models list", "codearch models list --json | jq '.models[].name'"),
)
@root_option
@json_option
def list_(root: Path | None, *, as_json: bool) -> None:
    """List the models: what kind they are, their licence, what is here of them and its size."""
    settings = settings_of(root)
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


def _rows(settings: Settings, home: Path) -> list[dict[str, Any]]:
    """Return all models as objects: the one that ships, then those that can be fetched."""
    from codearch.embedding.backends import SHIPPED, all_backends  # noqa: PLC0415
    from codearch.embedding.hub import model_in_use  # noqa: PLC0415

    used = model_in_use(settings)
    rows = [_shipped_row(used == SHIPPED)]
    rows += [_row(one, home, used == one.name) for one in all_backends(home).values()]
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


CLI = list_
