"""Git's log as it comes: one process, read by a thread ahead of whoever takes its commits.

What is not taken yet waits in a pipe and a short queue, so that git itself stands still while
something more urgent is done, and a long history takes no more memory than a short one.
"""

from __future__ import annotations

import queue
import tempfile
import threading
import time
from io import BufferedReader
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import GitError
from codearch.history.git import LOOK_S, git, refuse_endless, start, translated

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

SILENCE_S = 300.0  # after which git is given up
_TAKE_S = 0.01  # that one who takes waits at most
_CHUNK_BYTES = 1 << 16
_CHUNKS = 32  # read ahead
_SUBJECT_CHARACTERS = 120
_MESSAGE_CHARACTERS = 4000
# Its windows on the packs would else be as large as these, and so would a process be for those who
# count what it maps.
_SETTINGS = (
    "core.packedGitWindowSize=8m",
    "core.packedGitLimit=128m",
    "core.deltaBaseCacheLimit=48m",
)
_FORM = "%H%x00%ct%x00%an%x00%ae%x00%B%x00"
_OPTIONS = (
    *("--reverse", "--no-merges", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"),
    *("--raw", "--no-abbrev", "-z", "--relative", "--encoding=UTF-8"),
)
# No line counts of which white space alone has changed, and no blank one that comes or goes: a file
# without one that does was formatted.
_WITH_LINES = ("-M", "-w", "--ignore-blank-lines", "--numstat")
_WITHOUT_LINES = ("-M100%",)


class LoggedChange(msgspec.Struct, frozen=True, gc=False):
    """What a commit did to one file; `old` is its name before, where that was another."""

    path: str
    status: str  # A, D, M, R, T as git has them
    old: str = ""
    added: int = 0  # lines, but for white space and blank ones
    removed: int = 0
    spaces: bool = False  # nothing has changed but white space
    moved: bool = False  # nothing has changed but its name


class Logged(msgspec.Struct, frozen=True, gc=False):
    """One commit as git logs it; `time` is the committer's, the author's name as it was written."""

    hash: str
    time: int
    name: str
    email: str
    message: str
    changes: tuple[LoggedChange, ...]

    @property
    def subject(self) -> str:
        """The first line of what its author said of it."""
        return self.message.partition("\n")[0].strip()[:_SUBJECT_CHARACTERS]


class Log:
    """The commits of a range, the oldest first and merges left out, taken a few at a time.

    Of the newest `limit` commits the first `skip` are left out: they have been taken before.
    Without `lines` nothing is read of what files hold, so that what is missing there stops nothing:
    no lines are counted then, and only files renamed as they were are seen to be the same.
    """

    def __init__(
        self, root: Path, revisions: str, limit: int, *, skip: int = 0, lines: bool = True
    ) -> None:
        self._root = root
        self._revisions = revisions
        self._limit, self._skip = limit, skip
        self._shown = _WITH_LINES if lines else _WITHOUT_LINES
        self._mark = token_hex(8).encode()  # nothing that is logged begins so
        self._chunks: queue.Queue[bytes] = queue.Queue(_CHUNKS)
        self._rest = bytearray()
        self._heard_at = time.monotonic()
        self._looked = False
        self._guard = threading.Lock()  # of the two that follow
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._error: GitError | None = None
        self.ended = False
        threading.Thread(target=self._read, name="git-log", daemon=True).start()

    def take(self) -> list[Logged]:
        """Return the next commits, none where git needs longer; raise GitError where it fails."""
        try:
            chunk = self._chunks.get(timeout=_TAKE_S)
        except queue.Empty:
            self._refuse_silence()
            return []
        self._heard_at = time.monotonic()
        if chunk:
            return list(self._whole(chunk))
        self.ended = True
        if self._error is not None:
            raise self._error
        return list(self._each(bytes(self._rest)))

    def close(self) -> None:
        """End git, whatever it has not told yet."""
        with self._guard:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    # --- on the thread -----------------------------------------------------------------------

    def _read(self) -> None:
        try:
            self._error = self._told()
        except GitError as error:
            self._error = error
        self._put(b"")

    def _told(self) -> GitError | None:
        """Have git tell everything; return why it could not."""
        limit = self._limit
        if self._skip:  # from the newest on git counts, and those come last
            limit = self._count() - self._skip
        if limit <= 0:
            return None
        form = f"--format={self._mark.decode()}{_FORM}"
        options = (*_OPTIONS, *self._shown, form, f"--max-count={limit}", self._revisions, "--")
        with tempfile.TemporaryFile() as said:
            with start(self._root, "log", *options, settings=_SETTINGS, stderr=said) as process:
                with self._guard:
                    self._process = process
                    if self._closed:
                        process.kill()
                stdout = process.stdout
                assert isinstance(stdout, BufferedReader)  # noqa: S101 - for the type checker
                while chunk := stdout.read1(_CHUNK_BYTES):
                    self._put(chunk)
            said.seek(0)
            reason = said.read()
        return translated(self._root, "log", reason) if process.returncode else None

    def _count(self) -> int:
        limit = f"--max-count={self._limit}"
        arguments = ("--no-merges", "--count", limit, self._revisions, "--")
        return int(git(self._root, "rev-list", *arguments, timeout_s=SILENCE_S))

    def _put(self, chunk: bytes) -> None:
        while not self._closed:
            try:
                self._chunks.put(chunk, timeout=1.0)
            except queue.Full:
                continue
            return

    # --- on that of whoever takes ------------------------------------------------------------

    def _refuse_silence(self) -> None:
        silence = time.monotonic() - self._heard_at
        if silence > LOOK_S and not self._looked:
            self._looked = True
            refuse_endless(self._root)
        if silence > SILENCE_S:
            message = f"git log said nothing for {SILENCE_S:g} s in {self._root}."
            raise GitError(message)

    def _whole(self, chunk: bytes) -> Iterator[Logged]:
        """Yield the commits that are there in full; the last one is when the next one begins."""
        seen = max(0, len(self._rest) - len(self._mark))
        self._rest += chunk
        end = self._rest.rfind(self._mark, seen)
        if end > 0:
            records = bytes(self._rest[:end])
            del self._rest[:end]
            yield from self._each(records)

    def _each(self, records: bytes) -> Iterator[Logged]:
        counted = self._shown is _WITH_LINES
        return (_logged(each, counted=counted) for each in records.split(self._mark) if each)


def _logged(record: bytes, *, counted: bool) -> Logged:
    number, when, name, email, message, *fields = record.split(b"\0")
    return Logged(
        number.decode(),
        int(when),
        _text(name),
        _text(email),
        _text(message[:_MESSAGE_CHARACTERS]),
        tuple(_changes(fields, counted=counted)),
    )


def _changes(fields: list[bytes], *, counted: bool) -> Iterator[LoggedChange]:
    """Yield the files of a commit: git lists how each fared, then the lines of each."""
    fared: list[tuple[bytes, bytes, str, bool]] = []  # path, old path, status, as it was
    lines: dict[bytes, tuple[bytes, bytes]] = {}
    nothing = (b"0", b"0") if counted else (b"-", b"-")  # as for a binary file
    rest = iter(fields)
    for each in rest:
        field = each.lstrip(b"\n")
        if field.startswith(b":"):
            before, after, status = _raw(field)
            path, old = next(rest, b""), b""
            if status[:1] in b"RC":
                path, old = next(rest, b""), path
            fared.append((path, old, status[:1].decode(), before == after))
        elif field:
            added, removed, path = field.split(b"\t", 2)
            if not path:
                path = (next(rest, b""), next(rest, b""))[1]
            lines[path] = added, removed
    for path, old, how, same in fared:
        added, removed = lines.get(path, nothing)
        binary = added == b"-"
        numbers = (0, 0) if binary else (int(added), int(removed))
        still = not binary and numbers == (0, 0)
        yield LoggedChange(
            _text(path),
            how,
            _text(old) if how == "R" else "",
            *numbers,
            spaces=still and how == "M" and not same,
            moved=how == "R" and same,
        )


def _raw(field: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what a file was before and after, and how it fared."""
    _, _, before, after, status = field.split(b" ")
    return before, after, status


def _text(written: bytes) -> str:
    """Decode what git prints; a path that is not UTF-8 is of no file that is indexed."""
    return written.decode("utf-8", "replace")
