"""What is in the folder of models: weights that were pulled, artifacts made of them.

<models>/<name>/weights/      the files as published, and pulled.json
<models>/<name>/artifacts/    a folder for each artifact that was exported
<models>/.pull/               what is under way, locks, hosts that fail
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "pulled.json"
ARTIFACT = "artifact.json"  # in the folder of each artifact
WORKSHOP = ".pull"
_CHUNK = 1 << 20


class StoredFile(msgspec.Struct, frozen=True):
    """One file of a model: its path below the weights, its size, its SHA-256."""

    path: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, rename="camel"):
    """Where a model's weights came from, and what they are; `pulled_at` in seconds."""

    name: str
    origin: str
    revision: str
    licence: str
    pulled_at: int
    files: tuple[StoredFile, ...]

    @property
    def bytes(self) -> int:
        """Return the size of all files."""
        return sum(one.bytes for one in self.files)


def workshop(home: Path) -> Path:
    """Return the folder for what is under way; it need not exist."""
    return home / WORKSHOP


def weights_folder(home: Path, name: str) -> Path:
    """Return where a model's weights lie; it need not exist."""
    return home / name / "weights"


def manifest(home: Path, name: str) -> Manifest | None:
    """Return what was pulled under a name, None where nothing was."""
    try:
        content = (weights_folder(home, name) / MANIFEST).read_bytes()
        return msgspec.json.decode(content, type=learnt(Manifest))
    except (OSError, msgspec.MsgspecError):
        return None


def artifacts(home: Path, name: str) -> list[str]:
    """Return the names of the artifacts that were made of a model."""
    folder = home / name / "artifacts"
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if (one / ARTIFACT).is_file())


def artifact_folder(home: Path, name: str, artifact: str) -> Path:
    """Return where an artifact of a model lies."""
    return home / name / "artifacts" / artifact


def is_whole(home: Path, stored: Manifest) -> bool:
    """Say whether every file of a model is there and has its checksum; reads all of them."""
    folder = weights_folder(home, stored.name)
    return all(
        (folder / one.path).is_file() and sha256(folder / one.path) == one.sha256
        for one in stored.files
    )


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git_sha1(path: Path) -> str:
    """Return the name that git gives a file's content."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def size(folder: Path) -> int:
    """Return the bytes that a folder takes."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
