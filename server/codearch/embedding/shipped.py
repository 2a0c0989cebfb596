"""Where the encoder that ships with the program lies."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from codearch.checked import did_you_mean
from codearch.embedding.backends import SHIPPED, all_backends
from codearch.embedding.static import StaticEncoder, load
from codearch.errors import EncoderError

PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Return the model's folder: inside the installed package, else in the source tree."""
    packaged = PACKAGE / "models" / "static"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "models" / "static"


@lru_cache(maxsize=1)
def shipped_encoder() -> StaticEncoder:
    """Return the encoder that ships, read once; raises EncoderError where it cannot be read."""
    return load(shipped_folder())


def encoder_named(name: str) -> StaticEncoder:
    """Return the encoder that the setting `model.name` asks for, or the next one that is here.

    Raises EncoderError where there is none of that name, or where it cannot be read.
    """
    known = [SHIPPED, *all_backends()]
    if name not in known:
        message = (
            f"`model.name` is {name!r}, and there is no such model.{did_you_mean(name, known)}"
        )
        raise EncoderError(message, mend=f"The models that exist: {', '.join(known)}.")
    return shipped_encoder()
