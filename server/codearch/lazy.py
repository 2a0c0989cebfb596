"""Modules that are imported when they are first looked into: a server needs few of them."""

from __future__ import annotations

import importlib
from typing import Any


class Lazy:
    """Stands for a module; import it under `TYPE_CHECKING` as well, so that its types are known."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        module = importlib.import_module(self._name)
        self.__dict__.update(vars(module))  # what is asked for next is found without us
        return getattr(module, attribute)
