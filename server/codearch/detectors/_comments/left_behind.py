"""Comments that a commit left behind: it replaced what they name in the code beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._comments.replaced import Text, replaced
from codearch.history.alignment import as_indexed
from codearch.snapshot.origins import Origin
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.detectors._comments.remarks import Asked
    from codearch.detectors._comments.replaced import Remark, Replaced
    from codearch.detectors._detector import FilePast, FileView


def left_behind(file: FileView, asked: Sequence[Asked], past: FilePast) -> dict[str, Origin | None]:
    """Return for each comment the newest commit that replaced what it names beside it.

    A comment is followed back to the commit that wrote it. One that is not committed yet, or
    whose code is not, has none.
    """
    found: dict[str, Origin | None] = {each.key: None for each in asked}
    following = {each.key: (each.remark, each.beside) for each in asked}
    for index in range(len(past)):
        content = past.text(index) if following else None
        if content is None:
            break
        written = decode(content)
        text = None
        for key, (remark, after) in list(following.items()):
            if after.written in written:
                continue  # nothing has changed there: most commits are such
            text = text or Text(written, file.facts.language)
            before = text.beside(remark)
            if before is None or (index == 0 and before.code != after.code):
                del following[key]
                continue
            following[key] = (remark, before)
            if before.code != after.code and replaced(remark, before.code, after.code):
                change = _confirmed(file, remark, past, index - 1)
                if change is not None:
                    commit = past.versions[index - 1]
                    found[key] = Origin(commit.hash, commit.time, commit.subject, *change)
                    del following[key]
    return found


def _confirmed(file: FileView, remark: Remark, past: FilePast, index: int) -> Replaced | None:
    """Return what the commit itself replaced: what is logged before it may be of another branch."""
    before, after = past.text_before(index), past.text(index)
    if before is None or after is None:
        return None
    old, new = (
        Text(decode(as_indexed(each, file.path)), file.facts.language).beside(remark)
        for each in (before, after)
    )
    return replaced(remark, old.code, new.code) if old and new else None
