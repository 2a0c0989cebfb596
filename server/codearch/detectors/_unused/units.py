"""Whether code is published for others, or is all there is of a program: told by manifests.

What says nothing counts as a library: its public names may be used from anywhere.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from codearch.facts import File

_PACKAGING = frozenset({"setup.py", "setup.cfg", "pyproject.toml"})
_DEPLOYED = frozenset({"Procfile", "Pipfile", "Dockerfile", "manage.py", "wsgi.py", "asgi.py"})
_STARTED = frozenset({"main.py", "app.py", "run.py", "server.py"})
_GUARD = re.compile(rb"^if\s+__name__\s*==", re.MULTILINE)
_PUBLISHED_FIELDS = frozenset(
    {"main", "module", "exports", "types", "typings", "browser", "bin", "publishConfig", "files"}
)
_KINDS = {
    "python": "python", "javascript": "script", "typescript": "script", "rust": "rust", "go": "go"
}  # fmt: skip
_MANIFESTS = _PACKAGING | _DEPLOYED | _STARTED | {"package.json", "Cargo.toml"}


class Units:
    """What the manifests of a workspace say."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[str, str | None]] = {}  # by path: digest, what it says
        self._programs: dict[str, set[str]] = {}
        self._libraries: dict[str, set[str]] = {}

    def read(self, files: Collection[File], source: Callable[[str], bytes]) -> None:
        """Look at all manifests, reading those anew that have changed."""
        said: dict[str, tuple[str, str | None]] = {}
        self._programs, self._libraries = {}, {}
        packages = {file.path for file in files if file.path.endswith("__init__.py")}
        roots = {file.path for file in files if file.path.endswith("src/lib.rs")}
        for file in files:
            folder, _, name = file.path.rpartition("/")
            if name not in _MANIFESTS or (name in _STARTED and f"{folder}/__init__.py" in packages):
                continue
            known = self._said.get(file.path)
            if known is None or known[0] != file.digest or not file.digest:
                known = file.digest, _says(name, source(file.path))
            said[file.path] = known
            kind, what = (known[1] or " ").split(" ")
            if kind == "rust" and (f"{folder}/src/lib.rs".lstrip("/") in roots):
                what = "library"
            if kind and what:
                where = self._libraries if what == "library" else self._programs
                where.setdefault(kind, set()).add(folder)
        self._said = said

    @property
    def has_programs(self) -> bool:
        """Whether anything here is a program."""
        return any(self._programs.values())

    def is_program(self, path: str, language: str) -> bool:
        """Say whether nobody but the workspace can use what a file makes public."""
        kind = _KINDS.get(language, "")
        programs = self._programs.get(kind, set())
        libraries = self._libraries.get(kind, set())
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in libraries:
                return False
            if folder in programs:
                # Python's are told by what starts them, which may lie below what packages them
                return kind != "python" or not any(_above(each, folder) for each in libraries)
        return False


def tells(path: str) -> bool:
    """Say whether a file of this name may say what others are."""
    return path.rpartition("/")[2] in _MANIFESTS or path.endswith(("__init__.py", "src/lib.rs"))


def _above(folder: str, other: str) -> bool:
    return not folder or other == folder or other.startswith(f"{folder}/")


def _says(name: str, source: bytes) -> str | None:
    """Return the kind of code that a manifest speaks of, and what it is."""
    if name == "package.json":
        return _package(source)
    if name == "Cargo.toml":
        return _crate(source)
    if name == "pyproject.toml":
        return _pyproject(source)
    if name in _PACKAGING:
        return "python library" if b"setup(" in source or b"[metadata]" in source else None
    if name in _STARTED and not _GUARD.search(source):
        return None
    return "python program"


def _package(source: bytes) -> str | None:
    try:
        found = msgspec.json.decode(source, type=dict[str, Any])
    except msgspec.MsgspecError:
        return "script library"
    if found.get("private") is not True or not _PUBLISHED_FIELDS.isdisjoint(found):
        return "script library"
    return "script program"


def _crate(source: bytes) -> str | None:
    found = _toml(source)
    if found is None or "package" not in found:
        return None
    return "rust library" if "lib" in found else "rust program"


def _pyproject(source: bytes) -> str | None:
    found = _toml(source) or {}
    project, poetry = found.get("project"), found.get("tool", {}).get("poetry")
    if isinstance(project, dict) and "Private :: Do Not Upload" in str(project.get("classifiers")):
        return "python program"
    if isinstance(poetry, dict) and poetry.get("package-mode") is False:
        return "python program"
    return "python library" if project or poetry or "build-system" in found else None


def _toml(source: bytes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(source.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
