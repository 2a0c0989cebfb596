"""One-file extensions: a package's modules that end in a given constant are found by themselves."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

T = TypeVar("T")


def load(package: ModuleType, constant: str, kind: type[T]) -> dict[str, T]:
    """Return module name -> value of `constant`, for each module of `package` that defines it.

    Modules whose name begins with "_" and modules without the constant are passed over; a constant
    of another type is a programming error and raises TypeError.
    """
    found: dict[str, T] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        value = getattr(module, constant, None)
        if value is None:
            continue
        if not isinstance(value, kind):
            message = f"{module.__name__}.{constant} must be a {kind.__name__}"
            raise TypeError(message)
        found[info.name] = value
    return found
