"""What 10,000 functions cost in time, memory and disk, by model and device: which one to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from editor import READY_SECONDS, Editor
from indexing import searchable
from inputs import FUNCTIONS, generated
from memory import Peak
from processor import environment
from resting import store

if TYPE_CHECKING:
    from pathlib import Path

WANTED = 10_000  # functions
SCALED_FROM = 500  # functions that a slow model is measured on
HEAD = (
    "| model | device | index ready after | of it for vectors | memory, peak | store "
    "| of it vectors | measured on |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


class Family(NamedTuple):
    """A model as the settings name it, and on how many functions it is measured."""

    title: str
    name: str
    device: str
    home: Path | None = None  # of models
    functions: int = WANTED


class Grown(NamedTuple):
    """What an index of so many functions took; sizes in megabytes."""

    family: Family
    seconds: float
    vector_seconds: float
    memory: float
    vectors: float
    rest: float

    def scaled(self, like: Grown) -> Grown:
        """Return this for as many functions as another was measured on.

        Vectors take proportionally longer; what else there is to do is done alike, and vectors of
        the same dimension take the same place.
        """
        share = like.family.functions / self.family.functions
        vector_seconds = self.vector_seconds * share
        seconds = like.seconds - like.vector_seconds + vector_seconds
        return self._replace(
            seconds=seconds, vector_seconds=vector_seconds, vectors=like.vectors, rest=like.rest
        )

    def row(self, wanted: int) -> str:
        """Return a line of the table."""
        own = self.family
        measured = f"{own.functions:,}" + (", scaled" if own.functions < wanted else "")
        cells = (
            own.title,
            own.device,
            _span(self.seconds),
            _span(self.vector_seconds),
            f"{self.memory:,.0f} MB",
            f"{self.vectors + self.rest:,.0f} MB",
            f"{self.vectors:,.0f} MB",
            measured,
        )
        return f"| {' | '.join(cells)} |"


def measure(folder: Path, family: Family) -> Grown:
    """Index generated files of 40 lines and five functions with one model, from an empty cache."""
    root = generated(folder / f"{family.name}-{family.device}", family.functions // FUNCTIONS)
    with environment(_settings(family)), Editor(root) as editor, Peak(editor) as peak:
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{root} was not ready")
        seconds, status = editor.told[-1]
        words = searchable(editor.told)
        editor.until_quiet()
        sizes = {each.name: each.value for each in store(editor)}
    if status["model"]["name"] != family.name or status["pending"]:
        raise RuntimeError(f"{family.name} made no vectors: {status['problems']}")
    vectors, rest = sizes["vectors on disk"], sizes["the rest of the store"]
    return Grown(family, seconds, seconds - words, peak.megabytes, vectors, rest)


def _settings(family: Family) -> dict[str, str]:
    """Return what has processes use this model, as the environment says it."""
    wanted = {"CODEARCH_MODEL_NAME": family.name, "CODEARCH_MODEL_DEVICE": family.device}
    return wanted if family.home is None else {**wanted, "CODEARCH_MODEL_DIR": str(family.home)}


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
