"""The encoder that the settings ask for, or the next one that is here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.checked import did_you_mean
from codearch.embedding.backends import SHIPPED, all_backends, backend
from codearch.embedding.hub import artifacts, model_in_use
from codearch.embedding.hub.installed import artifact_folder, weights_folder
from codearch.embedding.shipped import shipped_encoder
from codearch.errors import EncoderError
from codearch.problems import WARNING, Problem
from codearch.settings import models_folder

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.transformer.artifact import Artifact
    from codearch.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """An encoder with the name of its model; `problem` says why it is not the one asked for."""

    name: str
    encoder: Encoder
    problem: Problem | None = None


def chosen_encoder(settings: Settings) -> Chosen:
    """Load the encoder of `model.name`, or of the model that stands in for it.

    One that cannot be loaded gives way to the one that ships. Raises EncoderError where there is
    none of that name, or where not even the one that ships can be read.
    """
    _check_name(settings)
    name = model_in_use(settings)
    if name != SHIPPED:
        try:
            return Chosen(name, loaded(name, settings))
        except EncoderError as error:
            message = f"The embedding model {name} cannot be used: {error.message}"
            problem = Problem(WARNING, f"{message} {SHIPPED} is used.", error.mend)
            return Chosen(SHIPPED, shipped_encoder(), problem)
    return Chosen(SHIPPED, shipped_encoder())


def loaded(name: str, settings: Settings) -> Encoder:
    """Load the encoder of a model that is ready; raises EncoderError where it cannot be read."""
    home, device = models_folder(settings), settings.model.device
    model = backend(name, home)
    if model.input == "sentence":
        from codearch.embedding.transformer.sentence import (  # noqa: PLC0415 - an extra
            SentenceEncoder,
        )

        return SentenceEncoder(weights_folder(home, name), device, model.lengths[0].tokens)
    from codearch.embedding.transformer.encoder import TransformerEncoder  # noqa: PLC0415

    return TransformerEncoder(fittest(home, name, device), device)


def encoder_of(identity: str, name: str, settings: Settings) -> Encoder | None:
    """Load the encoder whose id this is, made of the model of this name; None where it is gone."""
    try:
        if name in ("", SHIPPED):  # an index that names no model was made by the one that ships
            found: Encoder = shipped_encoder()
            return found if found.id == identity else None
        home, device = models_folder(settings), settings.model.device
        if backend(name, home).input == "sentence":
            found = loaded(name, settings)
            return found if found.id == identity else None
        return _exported(identity, name, home, device)
    except (EncoderError, OSError):
        return None


def _exported(identity: str, name: str, home: Path, device: str) -> Encoder | None:
    from codearch.embedding.transformer import artifact  # noqa: PLC0415 - an extra
    from codearch.embedding.transformer.encoder import TransformerEncoder  # noqa: PLC0415

    for folder, described in _readable(home, name):
        if artifact.identity(folder, described) == identity:
            return TransformerEncoder(folder, device)
    return None


def _check_name(settings: Settings) -> None:
    name = settings.model.name
    known = [SHIPPED, *all_backends(models_folder(settings))]
    if name not in known:
        message = (
            f"`model.name` is {name!r}, and there is no such model.{did_you_mean(name, known)}"
        )
        raise EncoderError(message, mend=f"The models that exist: {', '.join(known)}.")


def fittest(home: Path, name: str, device: str) -> Path:
    """Return the artifact for a device: the one of its precision, the newest of several.

    Raises EncoderError where none of them can be read.
    """
    from codearch.embedding.transformer import artifact  # noqa: PLC0415 - numpy
    from codearch.embedding.transformer.session import usable_device  # noqa: PLC0415

    wanted = usable_device(device).precision
    folder, _ = max(
        _readable(home, name),
        key=lambda one: (
            one[1].precision == wanted,
            (one[0] / artifact.DESCRIPTION).stat().st_mtime,
        ),
    )
    return folder


def _readable(home: Path, name: str) -> list[tuple[Path, Artifact]]:
    """Return the artifacts that are whole; raises EncoderError where a model has none.

    One that is damaged is passed over: it is nothing against the others.
    """
    from codearch.embedding.transformer import artifact  # noqa: PLC0415 - numpy

    found = []
    damage = EncoderError(f"{name} was not exported.", mend=artifact.MEND)
    for one in artifacts(home, name):
        folder = artifact_folder(home, name, one)
        try:
            described = artifact.read(folder)
        except EncoderError as error:
            log.warning("passed over: %s", error.message)
            damage = error
            continue
        if (folder / artifact.GRAPH).is_file():
            found.append((folder, described))
        else:
            damage = EncoderError(f"{folder} holds no {artifact.GRAPH}.", mend=artifact.MEND)
    if not found:
        raise damage
    return found
