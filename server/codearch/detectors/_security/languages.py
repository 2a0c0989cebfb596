"""The tables of all languages, by the names that facts give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._security import c, csharp, ecmascript, go, java, python, rust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.detectors._security.tables import Table

TABLES: Mapping[str, Table] = {
    "python": python.TABLE,
    "javascript": ecmascript.TABLE,
    "typescript": ecmascript.TABLE,
    "java": java.TABLE,
    "c": c.C,
    "cpp": c.CPP,
    "go": go.TABLE,
    "csharp": csharp.TABLE,
    "rust": rust.TABLE,
}
