"""Which distributions of ONNX Runtime are installed: they write the same files."""

from __future__ import annotations

from importlib import metadata

from codearch.embedding.transformer.devices import DEVICES


def both_runtimes() -> tuple[str, str] | None:
    """Return what is wrong where several are installed, and the mend; None where all is well."""
    found = [name for name in sorted({one.package for one in DEVICES}) if _is_there(name)]
    if len(found) < 2:
        return None
    message = f"{' and '.join(found)} are both installed, and overwrite each other's files."
    special = found[-1]  # the plain one comes first
    return message, f"`pip uninstall -y {' '.join(found)} && pip install {special}`"


def _is_there(distribution: str) -> bool:
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
