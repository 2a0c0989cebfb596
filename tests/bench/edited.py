"""What thousands of edits leave behind in the store."""

from __future__ import annotations

from pathlib import Path

from editor import READY_SECONDS, Editor
from figures import Figure
from inputs import generated

from codearch.indexer.client import connect
from patience import seconds_until

EDITS = 10_000
_FILES = 1_000
_AT_ONCE = 20  # files that are saved together, as where a name changes
_MOST = 100  # versions


def measure(folder: Path, edits: int = EDITS) -> list[Figure]:
    """Save files, each time with another function at their end, and count versions of vectors."""
    root = generated(folder / "edited", _FILES)
    files = sorted(root.rglob("*.py"))
    with Editor(root) as editor, connect(root) as client:
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{root} was not ready")
        editor.until_quiet()
        vectors = Path(editor.command("status")["folders"][0]["store"]["path"]) / "vectors"
        size, meanwhile = _size(vectors), 0
        for first in range(0, edits, _AT_ONCE):
            for number in range(first, min(first + _AT_ONCE, edits)):
                _edit(files[number % len(files)], number)
            client.call("index")
            meanwhile = max(meanwhile, _versions(vectors))
        rested = seconds_until(lambda: _versions(vectors) <= _MOST, "the versions to go")
        return [
            Figure(f"{edits:,} edits: versions of the vectors' table", _versions(vectors), "", 100),
            Figure("seconds after the last until there are so few", rested, "s"),
            Figure("the most that there were meanwhile", meanwhile, ""),
            Figure("folder of the vectors, times its size before", _size(vectors) / size, ""),
        ]


def _edit(file: Path, number: int) -> None:
    kept, _, _ = file.read_text().partition("\n\ndef moored")
    file.write_text(f"{kept}\n\ndef moored_{number}(boats):\n    return boats[{number}].mooring\n")


def _versions(vectors: Path) -> int:
    return sum(1 for _ in vectors.rglob("_versions/*.manifest"))


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
