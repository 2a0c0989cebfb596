"""Where the encoder that ships with the program lies."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from codearch.embedding.static import StaticEncoder, load

PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Return the model's folder: inside the installed package, else in the source tree."""
    packaged = PACKAGE / "models" / "static"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "models" / "static"


@lru_cache(maxsize=1)
def shipped_encoder() -> StaticEncoder:
    """Return the encoder that ships, read once; raises EncoderError where it cannot be read."""
    return load(shipped_folder())
