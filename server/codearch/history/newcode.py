"""Which lines of a file are new: not there yet where this work parted from the default branch.

Or since a date, or since it parted from another revision. Git is asked for commits and blobs alone,
once for a state of HEAD and its refs and once for a file; an edit is compared with what is kept.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import sys
import threading
from bisect import bisect_right
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

import msgspec

from codearch.errors import GitError, UsageError
from codearch.history.alignment import BLANK, as_indexed, common_runs, line_keys
from codearch.history.git import git, head
from codearch.history.moved import LEAST_LINES, lost_lines, written
from codearch.history.repository import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codearch.history.repository import Repository

log = logging.getLogger(__name__)

MERGE_BASE = "mergeBase"
ALL = "all"
_USUAL_NAMES = ("main", "master", "trunk", "develop", "default")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_REF = re.compile(r"\w[\w@+-]*(?:[./]\w[\w@+-]*)*")  # as a file below git's folder, and no other
_WORD = re.compile(r"[^\W\d]\w*")
_FILES_KEPT = 64
K = TypeVar("K")
V = TypeVar("V")
_REF_PLACES = ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/")  # as git looks for one


class Fork(msgspec.Struct, frozen=True):
    """Where this work parted from another state. Without a commit all is new, and `why` says so."""

    commit: str = ""
    why: str = ""


class Novelty(msgspec.Struct, frozen=True):
    """What is new in a file: runs of 0-based lines, end exclusive, and words of lines that went."""

    runs: tuple[tuple[int, int], ...] = ()
    gone: frozenset[str] = frozenset()

    def touches(self, first: int, last: int) -> bool:
        """Say whether one of the lines from `first` to `last` is new."""
        at = bisect_right(self.runs, (last, sys.maxsize)) - 1
        return at >= 0 and self.runs[at][1] > first


EVERYTHING = Novelty(((0, sys.maxsize),))


# --- where the work parted ----------------------------------------------------------------------


def fork_point(top: Path, since: str = MERGE_BASE) -> Fork:
    """Return where HEAD parted from the default branch, from a revision, or stood at a date.

    Raises UsageError for an unknown revision, GitError where the history that is here holds no
    such place.
    """
    if since == ALL:
        return Fork(why="`diagnostics.since` is `all`")
    if head(top) is None:
        return Fork(why="nothing has been committed yet")
    if _DATE.fullmatch(since):
        before = ("--first-parent", f"--before={since}T00:00:00", "HEAD")
        commit = git(top, "rev-list", "-1", *before, "--").decode().strip()
        return Fork(commit, "" if commit else f"no commit is older than {since}")
    others = default_branches(top) if since == MERGE_BASE else [_commit(top, since)]
    found = git(top, "merge-base", "HEAD", *(others or ["HEAD"]), accept=(0, 1)).decode().split()
    if not found:
        message = f"The history that is here does not reach back to where HEAD and {since} parted."
        if since == MERGE_BASE:
            message = "The history that is here does not reach back to the default branch."
        raise GitError(message, mend="Fetch more of it: `git fetch --unshallow`.")
    return Fork(found[0])


def default_branches(top: Path) -> list[str]:
    """Return the refs of the default branch: one a remote, else a local one, else none.

    A remote says which it is, or has one of the usual names.
    """
    names = [f"refs/remotes/*/{name}" for name in ("HEAD", *_USUAL_NAMES)]
    names += [f"refs/heads/{name}" for name in _USUAL_NAMES]
    listed = git(top, "for-each-ref", "--format=%(refname) %(symref)", *names)
    remotes: dict[str, dict[str, str]] = {}
    local: dict[str, str] = {}
    for line in listed.decode("utf-8", "replace").splitlines():
        ref, _, target = line.partition(" ")
        place, _, name = ref.rpartition("/")
        known = local if place == "refs/heads" else remotes.setdefault(place, {})
        known[name] = target or ref
    found = [_first(known, ("HEAD", *_USUAL_NAMES)) for known in remotes.values()]
    return found or [known for known in [_first(local, _USUAL_NAMES)] if known]


def _first(known: dict[str, str], names: Iterable[str]) -> str:
    return next((known[name] for name in names if name in known), "")


def _commit(top: Path, revision: str) -> str:
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = git(top, *asked, accept=(0, 1)).decode().strip()
    if not commit:
        message = f"Git knows no revision {revision!r} here."
        raise UsageError(message, field="since", mend="Fetch it, or name another.")
    return commit


# --- what is new in a file ----------------------------------------------------------------------


class _Base(msgspec.Struct, frozen=True):
    """A file as it was: the hash of its blob, its lines as the index would have them."""

    blob: str
    text: bytes
    keys: list[int]


class NewCode:
    """Tells what is new in the files of one repository; safe to use from many threads."""

    def __init__(self, repository: Repository, since: str) -> None:
        self._repository = repository
        self._since = since
        self._lock = threading.Lock()
        self._stamp: tuple[bytes, ...] = ()
        self._fork = Fork()
        self._bases: OrderedDict[str, _Base | None] = OrderedDict()  # of the present fork
        self._bases_kept = _FILES_KEPT
        self._renamed: tuple[object, dict[str, str]] = (None, {})
        self._lost: tuple[object, frozenset[int]] = (None, frozenset())
        self._novelties: OrderedDict[tuple[str, str], Novelty] = OrderedDict()

    def fork_point(self) -> Fork:
        """Return where the work parted, asked anew where HEAD or its refs have moved.

        Where git cannot tell, what is not committed yet is new.
        """
        with self._lock:
            return self._at_fork()

    def novelty(self, path: str, content: bytes, digest: str) -> Novelty:
        """Return what is new in a file: its path below the top, its text, and a hash of that."""
        with self._lock:
            base = self._base(path)
            if base is None and not self._fork.commit:
                return EVERYTHING
            blob = base.blob if base else ""
            known = self._novelties.get((blob, digest))
            if known is None:
                known = _novelty(base, content) if base else EVERYTHING
                self._novelties[blob, digest] = known
                _forget_oldest(self._novelties, _FILES_KEPT)
            return self._without_moved(known, content)

    def before(self, path: str) -> bytes | None:
        """Return a file as it was, without its secrets; None for one that was not there."""
        with self._lock:
            base = self._base(path)
            return None if base is None else base.text

    def read_ahead(self, paths: Iterable[str]) -> None:
        """Ask git for many files at once, which are then kept."""
        with self._lock:
            commit = self._at_fork().commit
            wanted = [path for path in paths if path not in self._bases] if commit else []
            self._bases.update(self._read(commit, wanted))
            self._bases_kept = max(self._bases_kept, len(self._bases))

    def _without_moved(self, novelty: Novelty, content: bytes) -> Novelty:
        """Return what is new without what other files have lost, as git last knew them."""
        if sum(end - first for first, end in novelty.runs) < LEAST_LINES:
            return novelty
        lost = self._lost_lines()
        if not lost:
            return novelty
        runs = written(novelty.runs, line_keys(content), lost)
        return msgspec.structs.replace(novelty, runs=runs)

    def _lost_lines(self) -> frozenset[int]:
        stamp = self._index_stamp(self._fork.commit)
        if self._lost[0] != stamp:
            try:
                lost = lost_lines(self._repository.top, self._fork.commit)
            except GitError as error:
                log.info("moved code is new: %s", error)
                lost = frozenset()
            self._lost = stamp, lost
        return self._lost[1]

    def _at_fork(self) -> Fork:
        stamp = tuple(_stamp(self._repository, self._since))
        if stamp != self._stamp:
            try:
                found = fork_point(self._repository.top, self._since)
            except (GitError, UsageError) as error:
                log.warning("%s", error)
                found = self._instead()
            if found != self._fork:
                self._bases.clear()
            self._fork, self._stamp = found, stamp
        return self._fork

    def _instead(self) -> Fork:
        """Return the last commit, where git cannot tell where the work parted."""
        try:
            return Fork(head(self._repository.top) or "")
        except GitError as error:
            return Fork(why=error.message.rstrip("."))

    def _base(self, path: str) -> _Base | None:
        """Return a file as it was, under the name that it had; None for one that was not there.

        None also where git cannot tell: all of it counts as new then.
        """
        commit = self._at_fork().commit
        if not commit:
            return None
        if path not in self._bases:
            try:
                self._bases.update(self._read(commit, [path]))
            except GitError as error:
                log.warning("all of %s counts as new: %s", path, error)
                self._bases[path] = None
            _forget_oldest(self._bases, self._bases_kept)
        self._bases.move_to_end(path)
        return self._bases[path]

    def _read(self, commit: str, paths: list[str]) -> dict[str, _Base | None]:
        found = _blobs(self._repository.top, commit, paths)
        missing = [path for path in paths if path not in found]
        if missing:
            before = self._names_before(commit)
            old = {path: before[path] for path in missing if path in before}
            blobs = _blobs(self._repository.top, commit, list(old.values()))
            found |= {path: blobs[name] for path, name in old.items() if name in blobs}
        return {path: _as_base(path, found.get(path)) for path in paths}

    def _names_before(self, commit: str) -> dict[str, str]:
        """Return the old name of each file that was renamed, committed or staged."""
        stamp = self._index_stamp(commit)
        if stamp is None:
            return {}
        if self._renamed[0] != stamp:
            options = ("--cached", "-M", "--diff-filter=R", "--name-status", "-z", "--no-ext-diff")
            try:
                listed = git(self._repository.top, "diff-index", *options, commit, "--")
            except GitError as error:
                log.info("renamed files are new: %s", error)
                listed = b""
            fields = [os.fsdecode(each) for each in listed.split(b"\0")]
            self._renamed = stamp, dict(zip(fields[2::3], fields[1::3], strict=False))
        return self._renamed[1]

    def _index_stamp(self, commit: str) -> object:
        """Return what tells whether another state is staged beside a commit; None for none."""
        try:
            state = (self._repository.git_dir / "index").stat()
        except OSError:
            return None
        return commit, state.st_mtime_ns, state.st_size, state.st_ino


@functools.lru_cache(maxsize=16)
def new_code(repository: Repository, since: str) -> NewCode:
    """Return what tells of a repository's new code: the same for all who ask."""
    return NewCode(repository, since)


def _stamp(repository: Repository, since: str) -> Iterator[bytes]:
    """Yield what tells whether HEAD, or a ref that the fork hangs on, has moved: read, never run.

    A ref of a remote moves by a fetch, which leaves FETCH_HEAD behind.
    """
    own, common = repository.git_dir, repository.common_dir
    where = read_regular(own / "HEAD") or b""
    yield where
    if where.startswith(b"ref:"):
        yield read_regular(common / os.fsdecode(where[4:].strip())) or b""
    for path in (
        common / "packed-refs",
        common / "reftable" / "tables.list",
        common / "shallow",
        own / "FETCH_HEAD",
        *(common / "refs" / "heads" / name for name in _USUAL_NAMES),
        *(common / "refs" / "remotes" / "origin" / name for name in ("HEAD", *_USUAL_NAMES)),
    ):
        try:
            state = path.stat()
        except OSError:
            yield b""
        else:
            yield b"%d %d %d" % (state.st_mtime_ns, state.st_size, state.st_ino)
    if since not in (MERGE_BASE, ALL) and _REF.fullmatch(since) and not _DATE.fullmatch(since):
        for place in _REF_PLACES:
            yield read_regular(common / f"{place}{since}") or b""


def _blobs(top: Path, commit: str, paths: list[str]) -> dict[str, tuple[str, bytes]]:
    """Return hash and content of the files that a commit holds, of those asked for."""
    asked = [path for path in paths if "\n" not in path]  # git takes one a line
    if not asked:
        return {}
    lines = b"".join(b"%s:%s\n" % (commit.encode(), os.fsencode(path)) for path in asked)
    told = git(top, "cat-file", "--batch", stdin=lines)
    found: dict[str, tuple[str, bytes]] = {}
    at = 0
    for path in asked:
        end = told.index(b"\n", at)
        words = told[at:end].split(b" ")
        at = end + 1
        if len(words) == 3 and words[2].isdigit():
            size = int(words[2])
            if words[1] == b"blob":
                found[path] = words[0].decode("ascii"), told[at : at + size]
            at += size + 1
    return found


def _as_base(path: str, found: tuple[str, bytes] | None) -> _Base | None:
    if found is None:
        return None
    text = as_indexed(found[1], path)
    return _Base(found[0], text, line_keys(text))


def _novelty(base: _Base, content: bytes) -> Novelty:
    """Compare a file with what it was; blank lines are never new."""
    keys = line_keys(content)
    kept_then, kept_now = bytearray(len(base.keys)), bytearray(len(keys))
    for old, new, size in common_runs(base.keys, keys):
        kept_then[old : old + size] = kept_now[new : new + size] = b"\1" * size
    runs: list[tuple[int, int]] = []
    for line, key in enumerate(keys):
        if not kept_now[line] and key != BLANK:
            if runs and runs[-1][1] == line:
                runs[-1] = runs[-1][0], line + 1
            else:
                runs.append((line, line + 1))
    lines = base.text.decode("utf-8", "replace").split("\n")
    went = (text for text, kept in zip(lines, kept_then, strict=False) if not kept)
    return Novelty(tuple(runs), frozenset(word for text in went for word in _WORD.findall(text)))


def _forget_oldest(kept: OrderedDict[K, V], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
