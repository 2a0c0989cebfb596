"""What people do with windows, ignore files, clocks and processes."""

from __future__ import annotations

import json
import signal
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from soak import edits, versions
from soak.truth import SETTINGS

if TYPE_CHECKING:
    from soak.desk import Desk
    from soak.window import Window

_MOST_QUEUED = Path("/proc/sys/fs/inotify/max_queued_events")
_EDITS = (edits.append, edits.rename, edits.delete, edits.edit_body, edits.create)
_CLOCKS = (-86_400.0, -3_600.0, -10.0, 0.0, 10.0, 3_600.0, 86_400.0)


def _shown(desk: Desk) -> tuple[str, str]:
    """Return a file and its text, one that an editor would show as it is."""
    for _ in range(20):
        path = desk.source()
        text = _as_shown(desk.read(path))
        if text is not None:
            return path, text
    return desk.source(), ""


def _as_shown(data: bytes) -> str | None:
    """Return the text of a file, None for one that an editor would show otherwise."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\r" in text or text.startswith("\ufeff") else text


def _opened(desk: Desk) -> tuple[Window, str]:
    """Return a document that is open, opened now where there is none."""
    window = desk.window()
    if not window.open:
        path, text = _shown(desk)
        window.open_document(path, text, text)
    return window, desk.choose.choice(sorted(window.open))


def buffer_open(desk: Desk) -> None:
    """Open a document, at times with text that was never saved, in one window or in both."""
    path, text = _shown(desk)
    windows = desk.windows if desk.choose.random() < 0.4 else [desk.window()]
    for window in windows:
        if path in window.open:
            window.close_document(path)
        changed = text + desk.definition(path, desk.word())
        window.open_document(path, changed if desk.choose.random() < 0.5 else text, text)


def buffer_edit(desk: Desk) -> None:
    """Type in a document."""
    window, path = _opened(desk)
    lines = window.text(path).split("\n")
    at = desk.choose.randrange(len(lines))
    del lines[at : at + desk.choose.randint(0, 3)]
    window.type(path, "\n".join(lines) + desk.definition(path, desk.word()))


def buffer_undo(desk: Desk) -> None:
    """Type in a document and take it back, as far as the text before or as the disk has it."""
    window, path = _opened(desk)
    before = window.text(path)
    if desk.choose.random() < 0.5 and (desk.root / path).is_file():
        before = _as_shown(desk.read(path)) or before
    for _ in range(desk.choose.randint(1, 3)):
        window.type(path, window.text(path) + desk.definition(path, desk.word()))
    window.type(path, before)


def buffer_save(desk: Desk) -> None:
    """Type in a document and save it."""
    window, path = _opened(desk)
    window.type(path, window.text(path) + desk.definition(path, desk.word()))
    window.save(path)


def buffer_close(desk: Desk) -> None:
    """Close a document, with what was typed in it."""
    window, path = _opened(desk)
    if desk.choose.random() < 0.3:
        window.type(path, window.text(path) + desk.definition(path, desk.word()))
    window.close_document(path)


def ignore_by_git(desk: Desk) -> None:
    """Change what git ignores."""
    _change_rules(desk, ".gitignore")


def ignore_by_ours(desk: Desk) -> None:
    """Change what the product ignores."""
    _change_rules(desk, ".codearchignore")


def exclude_by_settings(desk: Desk) -> None:
    """Change what the team's settings leave out."""
    place = desk.root / SETTINGS
    try:
        said = tomllib.loads(place.read_text())["files"]["exclude"]
    except (OSError, ValueError, KeyError):
        said = {}
    if said and desk.choose.random() < 0.6:
        glob = desk.choose.choice(sorted(said))
        if desk.choose.random() < 0.7:
            del said[glob]
        else:
            said[glob] = not said[glob]
    else:
        path = desk.marked()
        folder = path.rpartition("/")[0]
        globs = [path, f"**/{path.rpartition('/')[2]}", *([f"{folder}/**"] if folder else [])]
        said[desk.choose.choice(globs)] = desk.choose.random() < 0.8
    lines = [f"{json.dumps(glob)} = {str(out).lower()}\n" for glob, out in sorted(said.items())]
    desk.write(SETTINGS, "".join(["[files.exclude]\n", *lines]).encode())


def _change_rules(desk: Desk, name: str) -> None:
    folder = desk.choose.choice(["", "", *desk.folders()])
    file = f"{folder}/{name}".lstrip("/")
    place = desk.root / file
    lines = place.read_text().splitlines() if place.exists() else []
    if len(lines) > 1 and desk.choose.random() < 0.6:
        del lines[-1]
    elif lines and name == ".codearchignore" and desk.choose.random() < 0.3:
        place.unlink()
        return
    else:
        path = desk.marked()
        pattern = desk.choose.choice(
            [path.rpartition("/")[2], f"/{path}", f"{path.split('/')[-2]}/" if "/" in path else "x"]
        )
        lines.append(desk.choose.choice([pattern, pattern, f"!{pattern}"]))
    desk.write(file, "".join(f"{line}\n" for line in lines).encode())


def jump_clock(desk: Desk) -> None:
    """Set the clock of the product's processes, then change a file twice within its last tick."""
    desk.set_clock(desk.choose.choice(_CLOCKS))
    edits.append(desk)
    edits.keep_size_and_time(desk)


def restart_indexer(desk: Desk) -> None:
    """Have the indexer leave in order, with things going on while nothing runs."""
    desk.end_indexer(signal.SIGTERM)
    _meanwhile(desk)


def kill_indexer(desk: Desk) -> None:
    """Kill the indexer in the middle of its work."""
    edits.write_many(desk)
    desk.pause_for_the_clock()
    desk.end_indexer(signal.SIGKILL)
    _meanwhile(desk)


def _meanwhile(desk: Desk) -> None:
    for _ in range(desk.choose.randrange(3)):
        desk.choose.choice([*_EDITS, versions.checkout, versions.reset])(desk)


def lose_events(desk: Desk) -> None:
    """Have more happen than the system keeps news of, and edit files before, amid and after it."""
    indexer = desk.indexer()
    with suppress(psutil.Error):
        if indexer is not None:
            indexer.suspend()
    try:
        for _ in range(3):
            desk.choose.choice(_EDITS)(desk)
            _crowd(desk.root, most_queued_events() // 4)
        desk.choose.choice(_EDITS)(desk)
    finally:
        with suppress(psutil.Error):
            if indexer is not None:
                indexer.resume()


def most_queued_events() -> int:
    """Return how many events the system keeps for whoever does not read them."""
    try:
        return int(_MOST_QUEUED.read_text())
    except OSError:
        return 0


def _crowd(folder: Path, count: int) -> None:
    """Rename a file to and fro, two events each time."""
    places = [folder / "passing.tmp", folder / "passed.tmp"]
    places[0].touch()
    for number in range(count):
        places[number % 2].rename(places[1 - number % 2])
    places[count % 2].unlink()


def rebuild(desk: Desk) -> None:
    """Have the whole index made anew, and change files while that goes on."""
    desk.window().command("index.rebuild")
    for _ in range(desk.choose.randrange(4)):
        desk.choose.choice([edits.write_many, edits.append, edits.delete, edits.rename])(desk)


def restart_window(desk: Desk) -> None:
    """Close a window in order, and open another."""
    desk.replace(desk.window(), killed=False)


def kill_window(desk: Desk) -> None:
    """Kill a window's server, with all that was typed in it."""
    desk.replace(desk.window(), killed=True)
