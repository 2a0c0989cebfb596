"""Whether a model can be run, and is what was last trained or pulled under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.errors import EncoderError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from codearch.settings import Settings

FEWEST = 10  # questions: fewer say nothing of a model


def check_ready(name: str, settings: Settings) -> None:
    """Raise EncoderError, with its mend, for a model that is not known or cannot be run yet."""
    from codearch.embedding.backends import SHIPPED, backend  # noqa: PLC0415 - numpy
    from codearch.embedding.hub import manifest  # noqa: PLC0415
    from codearch.embedding.hub.choice import RUNTIME, is_made, is_ready  # noqa: PLC0415

    if name == SHIPPED:
        return
    home = models_folder(settings)
    backend(name, home)
    if not is_made(home, name):
        verb = "pull" if manifest(home, name) is None else "export"
        message = f"{name} cannot be run yet."
        raise EncoderError(message, mend=f"`codearch models {verb} {name}` makes it ready.")
    if not is_ready(home, name):
        message = f"{name} needs ONNX Runtime, which is not installed."
        raise EncoderError(message, mend=RUNTIME)
    if not is_fresh(name, settings):
        message = f"{name} was trained again since it was exported."
        mend = f"`codearch models export {name}` takes what it learned."
        raise EncoderError(message, mend=mend)


def is_fresh(name: str, settings: Settings) -> bool:
    """Say whether a model that is ready is what was last trained or pulled under its name."""
    from codearch.embedding.backends import backend  # noqa: PLC0415
    from codearch.embedding.chosen import fittest  # noqa: PLC0415
    from codearch.embedding.hub import manifest  # noqa: PLC0415
    from codearch.embedding.transformer import artifact  # noqa: PLC0415

    home = models_folder(settings)
    stored = manifest(home, name)
    if stored is None or not backend(name, home).vector:
        return True
    used = artifact.read(fittest(home, name, settings.model.device))
    return used.revision == stored.revision
