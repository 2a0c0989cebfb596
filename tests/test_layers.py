"""Imports go down the layers, and each large library stands in the one place that hides it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "codearch"
LAYERS = [
    "facts problems errors checked globs moving settings text plugins lazy",
    "languages parse flow secrets",
    "store embedding graph history scores",
    "index search snapshot",
    "detectors knowledge llm mining trends",
    "features commands",
    "watch indexer server cli logs",
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}
ENTRANCES = {"__init__", "__main__"}  # the package itself: its version, and `python -m codearch`
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
LAYERED = [path for path in MODULES if path.parts[0].removesuffix(".py") not in ENTRANCES]

PLACES = {
    "pygls": ("features/", "server/", "server.py"),
    "lsprotocol": ("features/", "server/", "server.py"),
    "sqlite3": ("store/database.py",),
    "lancedb": ("store/vectors.py",),
    "onnxruntime": ("embedding/transformer/session.py", "embedding/transformer/export.py"),
    "tokenizers": ("embedding/transformer/vocabulary.py",),
    "torch": ("embedding/training/", "embedding/transformer/"),
    "click": ("cli/",),
    "rich": ("cli/",),
    "urllib3": ("embedding/hub/client.py",),
    "fsspec": ("store/team/bucket.py",),
    "s3fs": ("store/team/bucket.py",),
    "zstandard": ("index/compression.py",),
    "botocore": ("store/team/bucket.py",),
}
# A request, a batch or a file that fails must not end the process for everybody: these edges alone.
EDGES = (
    "detectors/_alone.py",  # what fails there is run again where it is said
    "embedding/transformer/vocabulary.py",  # its library raises nothing more special
    "indexer/broken_rules.py",
    "indexer/unresolved.py",
    "indexer/engine.py",
    "indexer/service.py",
    "index/prepare.py",
    "store/team/access.py",  # libraries for buckets have failures of their own
    "server/",
    "server.py",
)


def imported(path: Path) -> Iterator[str]:
    """Yield the absolute name of each module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            name = node.module or ""
            if name == "codearch":
                yield from (f"codearch.{alias.name}" for alias in node.names)
            else:
                yield name


def home_of(name: str) -> str:
    """Return the top-level module or package of ours that a name belongs to."""
    return name.split(".")[1].removesuffix(".py")


@pytest.mark.parametrize("path", LAYERED, ids=str)
def test_imports_go_down(path: Path) -> None:
    home = path.parts[0].removesuffix(".py")
    assert home in RANK, f"{path} belongs to no layer"
    for name in imported(path):
        if name.startswith("codearch.") and home_of(name) in RANK:
            assert RANK[home_of(name)] <= RANK[home], f"{path} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_libraries_stay_in_their_place(path: Path) -> None:
    for name in imported(path):
        places = PLACES.get(name.partition(".")[0])
        if places is not None:
            assert path.as_posix().startswith(places), f"{path} must not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_the_edges_catch_everything(path: Path) -> None:
    for node in ast.walk(ast.parse((PACKAGE / path).read_text("utf-8"))):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = {name.id for name in ast.walk(node.type or node) if isinstance(name, ast.Name)}
        if node.type is None or "Exception" in kinds:
            assert path.as_posix().startswith(EDGES), f"{path}:{node.lineno} catches everything"
