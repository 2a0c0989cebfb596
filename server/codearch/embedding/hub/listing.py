"""Which files of a repository are wanted, with the size and checksum that the hub gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from codearch.checked import learnt
from codearch.embedding.backends import Wanted
from codearch.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from codearch.embedding.backends import Backend
    from codearch.embedding.hub.client import Hub

MOST_BYTES = 4_000_000  # of a listing: our repositories have some ten files
_DIGITS = re.compile(r"[0-9a-f]+")


class LargeFile(msgspec.Struct):
    """A file that git holds as a pointer: `oid` is the SHA-256 of its content."""

    oid: str
    size: int


class Entry(msgspec.Struct):
    """One line of the hub's listing; `oid` is git's SHA-1 of the file, or of its pointer."""

    type: str
    path: str
    oid: str = ""
    size: int = 0
    lfs: LargeFile | None = None


class RemoteFile(msgspec.Struct, frozen=True):
    """A file to fetch: its checksum is a SHA-256, or git's SHA-1 of a small file."""

    path: str
    size: int
    sha256: str = ""
    git_sha1: str = ""


def listed(hub: Hub, backend: Backend) -> list[RemoteFile]:
    """Ask the hub what a model's repository holds, and return the wanted files.

    Raises ModelError where one is missing that the model cannot do without.
    """
    path = f"/api/models/{quote(backend.repository)}/tree/{quote(backend.revision, safe='')}"
    what = f"{backend.repository} at revision {backend.revision[:7]}"

    def ask() -> bytes:
        with hub.get(path, what) as answer:
            body = answer.body(MOST_BYTES)
            hub.answered(answer.host)
            return body

    content = hub.persist(ask)
    try:
        entries = msgspec.json.decode(content, type=learnt(list[Entry]))
    except msgspec.MsgspecError as error:
        message = f"{hub.host} is no hub: its listing cannot be read ({error})."
        raise ModelError(
            message, mend="Correct --endpoint, HF_ENDPOINT or model.endpoint."
        ) from error
    files = {one.path: one for one in entries if one.type == "file"}
    place = f"{backend.repository} on {hub.host}"
    wanted = tuple(_published(one, backend.checksums) for one in backend.files)
    return [_remote(files[name], backend.checksums) for name in chosen(wanted, files, place)]


def _published(wanted: Wanted, checksums: Mapping[str, str]) -> Wanted:
    """Return a file under those of its names alone whose checksum is known, if there are any.

    Otherwise a mirror could offer weights of its own under the other name.
    """
    known = tuple(name for name in wanted.names if name in checksums)
    return Wanted(known, wanted.required) if known else wanted


def chosen(wanted: tuple[Wanted, ...], there: Collection[str], place: str) -> list[str]:
    """Return the wanted names among those that are there, in the order of the backend.

    Only names that the backend knows are ever taken, so that no listing can name a place outside
    the model's folder. Raises ModelError where a required file is missing in `place`.
    """
    found: list[str] = []
    for one in wanted:
        name = next((name for name in one.names if name in there), None)
        if name is not None:
            found.append(name)
        elif one.required:
            message = f"{place} has no {' or '.join(one.names)}."
            raise ModelError(message)
    return found


def _remote(entry: Entry, checksums: Mapping[str, str]) -> RemoteFile:
    """Return a file with its checksum: the published one, which the hub's must not differ from."""
    published = checksums.get(entry.path, "")
    if entry.lfs is None:
        _refuse_unless(bool(_DIGITS.fullmatch(entry.oid)), f"{entry.path} has no checksum there.")
        return RemoteFile(entry.path, entry.size, published, "" if published else entry.oid)
    _refuse_unless(bool(_DIGITS.fullmatch(entry.lfs.oid)), f"{entry.path} has no checksum there.")
    _refuse_unless(
        published in ("", entry.lfs.oid),
        f"{entry.path} is not what was published: the hub gives it another checksum.",
    )
    return RemoteFile(entry.path, entry.lfs.size, entry.lfs.oid)


def _refuse_unless(fits: bool, message: str) -> None:
    if not fits:
        raise ModelError(message, mend="Fetch it from another place (--endpoint).")
