"""How time, memory and disk grow with the number of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from editor import READY_SECONDS, Editor
from figures import Figure, percentile
from inputs import SYMBOLS, generated
from memory import Peak, megabytes
from resting import store
from searching import asked, symbols

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (1_000, 10_000, 100_000)


def measure(folder: Path, size: int) -> list[Figure]:
    """Index generated files with about so many symbols; none of these figures has a bound."""
    root = generated(folder / f"growth{size}", max(1, round(size / SYMBOLS)))
    label = f"{size:,} symbols: "
    with Editor(root) as editor, Peak(editor) as peak:
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{root} was not ready")
        ready = editor.told[-1].seconds
        editor.until_quiet()
        inside, _ = asked(editor)
        letters = symbols(editor)[-1]
        after = megabytes(editor)
        rest = store(editor)
    sized = {each.name: each.value for each in rest}
    disk = sized["vectors on disk"] + sized["the rest of the store"]
    return [
        Figure(label + "empty cache to ready", ready, "s"),
        Figure(label + "search p50", percentile(inside, 0.5), "ms"),
        Figure(label + "search p95", percentile(inside, 0.95), "ms"),
        Figure(label + letters.name, letters.value, "ms"),
        Figure(label + "memory, peak", peak.megabytes, "MB"),
        Figure(label + "memory, afterwards", after, "MB"),
        Figure(label + "store with vectors", disk, "MB"),
    ]
