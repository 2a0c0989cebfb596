"""One file, fetched as far as it goes and gone on with the next time, then compared."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from codearch.embedding.hub.client import Fault
from codearch.embedding.hub.installed import git_sha1, sha256
from codearch.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.embedding.backends import Backend
    from codearch.embedding.hub.client import Answer, Hub
    from codearch.embedding.hub.listing import RemoteFile

PROGRESS_BYTES = 1 << 16  # what a broken answer must have brought to count as progress
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_RANGE = re.compile(r"bytes (\d+)-")
_SHA256 = re.compile(r'"?([0-9a-f]{64})"?')


def fetch(
    hub: Hub, backend: Backend, file: RemoteFile, folder: Path, moved: Callable[[int], None]
) -> None:
    """Bring one file into a folder, whole and compared with its checksum.

    What has arrived before is kept as NAME.part and gone on with. `moved` hears of bytes as they
    come, and of fewer than none where they must be fetched again. Raises ModelError.
    """
    target = folder / file.path
    if target.is_file() and _fits(target, file):
        moved(file.size)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _Part(target)
    moved(part.size)
    path = f"/{quote(backend.repository)}/resolve/{backend.revision}/{quote(file.path)}"
    for last in (False, True):
        hub.persist(lambda: _go_on(hub, path, file, part, moved))
        if _fits(part.path, file):
            break
        moved(-part.size)
        part.drop()
        if last:
            message = f"{file.path} of {hub.host} is not what was published: its checksum differs."
            mend = "Fetch it from another place (--endpoint), or get the folder by hand (--from)."
            raise ModelError(message, mend=mend)
    part.path.replace(target)
    part.drop()


class _Part:
    """What has arrived of a file, and the mark by which its host knows the version."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._mark = target.with_name(f"{target.name}.etag")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def mark(self) -> str:
        return self._mark.read_text("latin-1") if self._mark.is_file() else ""

    def note(self, mark: str) -> None:
        """Keep the host's ETag; a weak one cannot vouch for bytes."""
        self._mark.write_text("" if mark.startswith("W/") else mark, "latin-1")

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)


def _go_on(
    hub: Hub, path: str, file: RemoteFile, part: _Part, moved: Callable[[int], None]
) -> None:
    """Fetch what is missing of a file; raises Fault where the connection breaks.

    Where the host does not know how to go on, the file is fetched from its beginning.
    """
    have = part.size
    if have > file.size:
        part.drop()
        moved(-have)
        have = 0
    if have == file.size and part.path.is_file():
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    if have and part.mark:
        headers["If-Range"] = part.mark
    with hub.get(path, file.path, headers) as answer:
        _compare_with_listing(answer, file)
        start = _start(answer, have)
        if start is not None:
            moved(start - have)
            part.note(answer.headers.get("etag", ""))
            _write(answer, part.path, start, file, moved)
            hub.answered(answer.host)
            return
    part.drop()
    moved(-have)
    _go_on(hub, path, file, part, moved)


def _write(
    answer: Answer, path: Path, start: int, file: RemoteFile, moved: Callable[[int], None]
) -> None:
    """Write an answer's body from `start` on; raises Fault where it ends before the file does."""
    at = start
    try:
        with path.open("r+b" if start else "wb") as out:
            out.truncate(start)
            out.seek(start)
            for chunk in answer.chunks():
                at += len(chunk)
                if at > file.size:
                    message = f"{answer.host} sends more of {file.path} than there is."
                    raise ModelError(message)
                out.write(chunk)
                moved(len(chunk))
            out.flush()
            os.fsync(out.fileno())
        if at < file.size:
            raise Fault(answer.host, f"{answer.host} sent only a part of {file.path}.")
    except Fault as fault:
        fault.progressed = at - start >= PROGRESS_BYTES
        raise
    except OSError as error:
        if error.errno in FULL:
            raise disk_full(path.parent, file.size - at) from error
        raise


def disk_full(folder: Path, missing: int) -> ModelError:
    """Return the error for a disk on which so many bytes more are needed."""
    message = f"The disk with {folder} is full: {missing / 1e6:,.1f} MB more are needed."
    mend = "Free some space and run the same command again: what has arrived is kept."
    return ModelError(message, mend=mend)


def _start(answer: Answer, have: int) -> int | None:
    """Return from which byte on an answer goes; None where it does not fit what is there."""
    if answer.status == 200:
        return 0
    found = _RANGE.match(answer.headers.get("content-range", ""))
    if answer.status == 206 and found is not None and int(found[1]) == have:
        return have
    if not have:
        message = f"{answer.host} gives a part of a file when asked for the whole."
        raise ModelError(message)
    return None


def _compare_with_listing(answer: Answer, file: RemoteFile) -> None:
    """Refuse a file before it is fetched where the hub now says that it is another one."""
    found = _SHA256.fullmatch(answer.linked.get("x-linked-etag", ""))
    if file.sha256 and found is not None and found[1] != file.sha256:
        message = f"{file.path} is not what was published: the hub gives it another checksum."
        raise ModelError(message, mend="Fetch it from another place (--endpoint).")


def _fits(path: Path, file: RemoteFile) -> bool:
    """Compare a file with its size and checksum."""
    if path.stat().st_size != file.size:
        return False
    return sha256(path) == file.sha256 if file.sha256 else git_sha1(path) == file.git_sha1
