"""Whether ONNX Runtime is installed, and as which distributions: they write the same files."""

from __future__ import annotations

import importlib.util
import sys
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


def has_runtime() -> bool:
    """Say whether there is an ONNX Runtime to import, without the 0.2 s that importing takes."""
    if "onnxruntime" in sys.modules:
        return sys.modules["onnxruntime"] is not None
    return importlib.util.find_spec("onnxruntime") is not None


def _is_there(distribution: str) -> bool:
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
