"""A small project of many packages, each of documented functions, to train on in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.embedding.backends import Lengths
from codearch.embedding.training.plan import PLANS, Sizes

if TYPE_CHECKING:
    from pathlib import Path

TINY = replace(
    PLANS["scratch"],
    steps=12,
    batch=8,
    every=4,
    lengths=Lengths(32, 8),
    view_lengths=Lengths(24),
    sizes=Sizes(pieces=400, hidden=32, layers=2, heads=2, inner=32),
)

VERBS = {
    "load": ("Read {many} from a file on disk.", "open(path).read().splitlines()"),
    "save": ("Write {many} to a file on disk.", "open(path, 'w').write(str(items))"),
    "count": ("Tell how many {many} there are in all.", "len(list(items))"),
    "find": ("Look up one of the {many} by its name.", "[one for one in items if one == path]"),
    "sort": ("Put {many} into the order of their names.", "sorted(items, key=str)"),
}
THINGS = ["user", "order", "price", "room", "ticket", "report", "server", "photo", "letter", "road"]
THINGS += ["engine", "garden", "lesson", "planet", "recipe", "singer", "window", "bridge"]
THINGS += ["actor", "badge", "candle", "desk", "event", "flower", "guitar", "horse", "island"]
THINGS += ["jacket", "kettle", "lamp", "mirror", "needle", "orchard", "pencil", "quarry", "river"]

FUNCTION = '''
def {verb}_{thing}s(path, items=()):
    """{doc}"""
    found = []
    for {thing} in items:
        if {thing}.{thing}_id is None:  # nothing to do
            continue
        found.append({thing})
    result = {body}
    return result or found
'''


def project(root: Path) -> Path:
    """Write 36 packages of five functions each."""
    for thing in THINGS:
        folder = root / f"{thing}s"
        folder.mkdir(parents=True)
        functions = [
            FUNCTION.format(verb=verb, thing=thing, doc=doc.format(many=f"{thing}s"), body=body)
            for verb, (doc, body) in VERBS.items()
        ]
        (folder / "store.py").write_text("\n".join(functions))
    return root
