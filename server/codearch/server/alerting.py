"""A message when grave findings are on new code, where somebody wants it: once a day at most."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._shown import shown
from codearch.settings import root_cache

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from codearch.server.roots import Root

log = logging.getLogger(__name__)

_NOTE = "alerted.txt"  # in a root's cache folder: its time is the last message's
_DAY_SECONDS = 24 * 3600
_SHOWN = 3


def alert(root: Root, paths: Iterable[str]) -> lsp.ShowMessageParams | None:
    """Return the message about a root's open files that is due, and note that it was given."""
    least = root.loaded.settings.diagnostics.alert
    note = root_cache(root.path) / _NOTE
    if least == "none" or not _is_due(note):
        return None
    with root.workspace(lambda: False).read() as snapshot:
        grave = [
            finding
            for path in sorted(paths)
            for finding in shown(snapshot, path)
            if finding.severity >= least
        ]
    if not grave or not _noted(note):
        return None
    grave.sort(key=lambda one: (-one.severity, -one.priority))
    count = "1 finding" if len(grave) == 1 else f"{len(grave)} findings"
    told = "; ".join(
        f"{one.path}:{one.span.line + 1} {one.rule}: {one.message}" for one in grave[:_SHOWN]
    )
    message = f"{count} of severity {least} or higher on new code of {root.path.name}: {told}"
    return lsp.ShowMessageParams(lsp.MessageType.Warning, message)


def _is_due(note: Path) -> bool:
    try:
        return abs(time.time() - note.stat().st_mtime) > _DAY_SECONDS
    except OSError:
        return True


def _noted(note: Path) -> bool:
    """Note a message; without the note there is none, or it might come again and again."""
    try:
        note.touch()
    except OSError as error:
        log.info("no message is given, since it cannot be noted: %s", error)
        return False
    return True
