"""How soon what was saved, moved, deleted or merely typed is found, and what nothing changes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from figures import Figure, percentile

from codearch.indexer.client import connect
from patience import seconds_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from editor import Editor

EDITS = 40
TOUCHED = 500  # files whose comments alone change
_LARGEST = 200_000  # bytes of a file that somebody edits


def measure(editor: Editor, edits: int = EDITS) -> list[Figure]:
    """Change files on disk and in buffers in each way, and look until the change is seen."""
    files = [one for one in sorted(editor.root.rglob("*.py")) if one.stat().st_size < _LARGEST]
    chosen = files[:: max(1, len(files) // (2 * edits))][: 2 * edits]
    saved = [_saved(editor, file, number) for number, file in enumerate(chosen[::2])]
    others = [_others(editor, number) for number in range(edits)]
    typed = [_typed(editor, file, number) for number, file in enumerate(chosen[1::2])]
    created, renamed, deleted = (list(times) for times in zip(*others, strict=True))
    figures = [Figure("processor time of a saved edit", _work(editor, chosen[::8]), "s")]
    for title, times, bound in (
        ("saved file to found", [words for words, _ in saved], 0.3),
        ("saved file to its vectors there", [vectors for _, vectors in saved], 0.3),
        ("created file to found", created, 0.3),
        ("renamed file to found", renamed, 0.3),
        ("deleted file to found no more", deleted, 0.3),
        ("unsaved buffer to found", [there for there, _, _ in typed], 1.0),
        ("unsaved buffer undone to found no more", [undone for _, undone, _ in typed], 1.0),
        ("unsaved buffer closed to found no more", [gone for _, _, gone in typed], 1.0),
    ):
        figures += [
            Figure(f"{title}, p50", percentile(times, 0.5), "s"),
            Figure(f"{title}, p95", percentile(times, 0.95), "s", bound),
        ]
    versions = _versions(editor)
    return [*figures, Figure("versions of the vectors' table after these edits", versions, "", 100)]


def _versions(editor: Editor) -> int:
    store = Path(_folder(editor)["store"]["path"])
    return sum(1 for _ in (store / "vectors").rglob("_versions/*.manifest"))


def _folder(editor: Editor) -> dict[str, Any]:
    folder: dict[str, Any] = editor.command("status")["folders"][0]
    return folder


def comments(editor: Editor, count: int = TOUCHED) -> list[Figure]:
    """Change the comments of many files at once: nothing is to be embedded for it."""
    files = [one for one in sorted(editor.root.rglob("*.py")) if one.stat().st_size < _LARGEST]
    chosen = files[:: max(1, len(files) // count)][:count]
    with connect(editor.root) as client:
        client.call("index")
        for number, file in enumerate(chosen):
            file.write_bytes(_commented(file.read_bytes(), at_top=number % 2 == 0))
        began = time.perf_counter()
        counters = client.call("index")
        seconds = time.perf_counter() - began
    label = f"{len(chosen)} files with one more comment:"
    return [
        Figure(f"{label} settled", seconds, "s", 5),
        Figure(f"{label} texts embedded", counters["embedded"], "", 0),
    ]


def _commented(source: bytes, *, at_top: bool) -> bytes:
    if at_top and not source.startswith((b"#", b"\xef\xbb\xbf")):  # what says how to read it
        return b"# looked at\n" + source
    return source + b"\n# looked at\n"


def _saved(editor: Editor, file: Path, number: int) -> tuple[float, float]:
    """Return the seconds from writing a file to finding what is new, and to its vectors.

    Nobody tells the server.
    """
    name = f"heron{number}wharf"
    before = file.read_bytes()
    file.write_bytes(before + _function(name).encode())
    words = seconds_until(lambda: name in _symbols(editor, name), "the change")
    vectors = seconds_until(lambda: _folder(editor)["pending"] == 0, "its vectors")
    file.write_bytes(before)
    return words, words + vectors


def _work(editor: Editor, files: Sequence[Path]) -> float:
    """Return the processor time that a saved edit costs until all is quiet, in the mean."""
    editor.until_quiet()
    before = editor.work()
    for number, file in enumerate(files):
        source = file.read_bytes()
        file.write_bytes(source + _function(f"egret{number}jetty").encode())
        editor.until_quiet()
        file.write_bytes(source)
        editor.until_quiet()
    return (editor.work() - before) / (2 * len(files))


def _others(editor: Editor, number: int) -> tuple[float, float, float]:
    """Return the seconds until a file that came, got another name, and went is seen so."""
    name = f"curlew{number}pier"
    first, second = (editor.root / f"{stem}_{number}.py" for stem in ("bay", "cove"))

    def at(path: Path) -> bool:
        return [hit["uri"] for hit in _found(editor, name)] == [path.as_uri()]

    first.write_text(_function(name))
    created = seconds_until(lambda: at(first), "the change")
    first.rename(second)
    renamed = seconds_until(lambda: at(second), "the change")
    second.unlink()
    return created, renamed, seconds_until(lambda: name not in _symbols(editor, name), "the change")


def _typed(editor: Editor, file: Path, number: int) -> tuple[float, float, float]:
    """Return the seconds from typing to finding what is new, and to its going.

    It goes as it is undone, and when the file in which it is typed again is closed.
    """
    name = f"bittern{number}quay"
    text = file.read_bytes().decode("utf-8", "replace")
    document = {"uri": file.as_uri(), "version": 1}
    editor.tell(
        "textDocument/didOpen", {"textDocument": {**document, "languageId": "python", "text": text}}
    )

    def change(version: int, changed: str) -> None:
        editor.tell(
            "textDocument/didChange",
            {
                "textDocument": {**document, "version": version},
                "contentChanges": [{"text": changed}],
            },
        )

    def until(*, there: bool) -> float:
        return seconds_until(lambda: (name in _symbols(editor, name)) is there, "the change")

    change(2, text + _function(name))
    there = until(there=True)
    change(3, text)
    undone = until(there=False)
    change(4, text + _function(name))
    until(there=True)
    editor.tell("textDocument/didClose", {"textDocument": {"uri": file.as_uri()}})
    return there, undone, until(there=False)


def _function(name: str) -> str:
    return f"\n\ndef {name}(boats):\n    return [each.mooring for each in boats]\n"


def _symbols(editor: Editor, name: str) -> set[str]:
    return {hit["symbol"] for hit in _found(editor, name)}


def _found(editor: Editor, name: str) -> list[dict[str, Any]]:
    """Return what is found first, of the symbols of this name."""
    answer = editor.command("search", query=name, limit=3)
    return [hit for hit in answer["results"] if hit["symbol"] == name]
