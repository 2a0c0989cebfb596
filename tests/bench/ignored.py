"""What 20,000 files cost that an installation or a build writes into an ignored folder."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from editor import READY_SECONDS, Editor, cpu_seconds
from figures import Figure
from inputs import generated

from installing import install

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = 20_000


def measure(folder: Path, count: int = FILES) -> list[Figure]:
    """Write into a folder beside the root, then into two that are ignored below it."""
    root = generated(folder / "ignored", 200)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / ".gitignore").write_text("node_modules/\n")
    (root / ".codearchignore").write_text("target/\n")
    figures = []
    with Editor(root) as editor:
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{root} was not ready")
        editor.until_quiet()
        elsewhere, _ = _spent(editor, lambda: install(folder / "elsewhere", count))
        figures.append(Figure(f"{count:,} files elsewhere: processor time", elsewhere, "s"))
        for name in ("node_modules", "target"):
            seconds, grown = _spent(editor, lambda name=name: install(root / name, count))
            said = f"{count:,} files in {name}"
            figures += [
                Figure(f"{said}: processor time beyond that", seconds - elsewhere, "s", 0.2),
                Figure(f"{said}: watches", grown["watches"], "", 0),
                Figure(f"{said}: events", grown["events"], "", 5),
                Figure(f"{said}: files read", grown["reads"], "", 0),
            ]
    return figures


def _spent(editor: Editor, work: Callable[[], None]) -> tuple[float, dict[str, int]]:
    """Return the processor seconds of server and indexer during some work, and what has grown."""
    before, used = _counted(editor), sum(map(cpu_seconds, editor.processes()))
    work()
    editor.until_quiet()
    spent = sum(map(cpu_seconds, editor.processes())) - used
    after = _counted(editor)
    return spent, {name: after[name] - before[name] for name in after}


def _counted(editor: Editor) -> dict[str, int]:
    folder: dict[str, Any] = editor.command("status")["folders"][0]
    watching = folder["watching"]
    return {
        "watches": watching["watches"],
        "events": watching["events"],
        "reads": folder["filesRead"],
    }
