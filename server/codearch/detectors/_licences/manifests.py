"""What manifests say: the licence of their own, and what is needed at run time, with its place."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from codearch.detectors._elements import comments, elements, written


class Dependency(NamedTuple):
    """Something a manifest asks for; `start` and `end` are characters in it."""

    ecosystem: str
    name: str
    version: str
    start: int
    end: int


class Manifest(NamedTuple):
    """A manifest's own licence as written, where it stands, and what it asks for."""

    licence: str
    start: int
    end: int
    dependencies: tuple[Dependency, ...]


_NOTHING = Manifest("", 0, 0, ())
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_REQUIRED_LINE = re.compile(r"^[ \t]*([A-Za-z0-9][\w.-]*)[^\n]*$", re.MULTILINE)
_GO_LINE = re.compile(
    r"^(?:require)?[ \t]*([\w.-]+\.[\w-]+/[^\s]+)[ \t]+(v[\w.+-]+)(?![^\n]*// indirect)",
    re.MULTILINE,
)
_REPLACED = re.compile(r"replace\s*\Z")
_FAR = 200  # characters, of white space before a line
_POM_MANAGED = ("dependencyManagement", "build", "profiles")


def read(name: str, text: str) -> Manifest:
    """Return what a manifest says; nothing where it is none, or cannot be read."""
    for pattern, reader in _READERS:
        if pattern.fullmatch(name):
            try:
                return reader(text)
            except (ValueError, TypeError, AttributeError, RecursionError):
                return _NOTHING
    return _NOTHING


def is_manifest(name: str) -> bool:
    """Say whether a file of this name is a manifest."""
    return _MANIFEST.fullmatch(name) is not None


def _place(text: str, what: str, start: int = 0) -> tuple[int, int]:
    """Return where a name stands as a word of its own, or the start where it does not."""
    match = re.compile(rf"(?<![\w.-]){re.escape(what)}(?![\w-])").search(text, start)
    return match.span() if match else (start, start)


def _npm(text: str) -> Manifest:
    data = json.loads(text)
    licence = data.get("license", "")
    if isinstance(licence, dict):
        licence = licence.get("type", "")
    if licence == "UNLICENSED":
        licence = "proprietary"
    found = []
    for key in ("dependencies", "optionalDependencies"):
        begin = re.search(rf'"{key}"\s*:', text)
        for name, version in (data.get(key) or {}).items():
            place = _place(text, name, begin.end() if begin else 0)
            found.append(Dependency("npm", name, str(version), *place))
    own = re.search(r'"license"\s*:\s*', text)
    start = own.end() if own else 0
    end = text.find("\n", start) if own else 0
    return Manifest(str(licence), start, max(start, end), tuple(found))


def _pyproject(text: str) -> Manifest:
    data = tomllib.loads(text)
    project = data.get("project", {})
    poetry = data.get("tool", {}).get("poetry", {})
    licence = project.get("license", poetry.get("license", ""))
    if isinstance(licence, dict):
        licence = licence.get("text", "")
    if not licence:
        licence = _classified(project.get("classifiers", poetry.get("classifiers", [])))
    names = [
        match[1] for each in project.get("dependencies", []) if (match := _REQUIREMENT.match(each))
    ]
    needed = [
        name
        for name, how in poetry.get("dependencies", {}).items()
        if name != "python" and not (isinstance(how, dict) and how.get("optional"))
    ]
    begin = text.find("dependencies")
    found = [
        Dependency("pypi", name, "", *_place(text, name, max(begin, 0))) for name in names + needed
    ]
    own = re.search(r"^license\s*=[^\n]*", text, re.MULTILINE) or re.search(
        r"License ::[^\n\"']*", text
    )
    return Manifest(str(licence), *(own.span() if own else (0, 0)), tuple(found))


def _classified(classifiers: list[str]) -> str:
    """Return the licence that trove classifiers name; "" where it is not a single one."""
    found = {
        each.rpartition(" :: ")[2]
        for each in classifiers
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    }
    return found.pop() if len(found) == 1 else ""


def _requirements(text: str) -> Manifest:
    found = [
        Dependency("pypi", line[1], "", *line.span(1)) for line in _REQUIRED_LINE.finditer(text)
    ]
    return Manifest("", 0, 0, tuple(found))


def _cargo(text: str) -> Manifest:
    data = tomllib.loads(text)
    licence = data.get("package", {}).get("license", "")
    begin = text.find("[dependencies")
    found = []
    for name, how in data.get("dependencies", {}).items():
        table = how if isinstance(how, dict) else {"version": how}
        crate = table.get("package", name)
        if "path" not in table:
            place = _place(text, name, max(begin, 0))
            found.append(Dependency("cargo", crate, str(table.get("version", "")), *place))
    own = re.search(r"^license\s*=[^\n]*", text, re.MULTILINE)
    licence = licence.replace("/", " OR ") if isinstance(licence, str) else ""
    return Manifest(licence, *(own.span() if own else (0, 0)), tuple(found))


def _go(text: str) -> Manifest:
    found = [
        Dependency("go", each[1], each[2], *each.span(1))
        for each in _GO_LINE.finditer(text)
        if not _REPLACED.search(text, max(0, each.start() - _FAR), each.start())
    ]
    return Manifest("", 0, 0, tuple(found))


def _pom(text: str) -> Manifest:
    plain = _without(text, comments(text))
    for name in _POM_MANAGED:
        plain = _without(plain, ((each.start, each.end) for each in elements(plain, name)))
    found = []
    for each in elements(plain, "dependency"):
        group, artifact = written(each.inner, "groupId"), written(each.inner, "artifactId")
        scope = written(each.inner, "scope") or "compile"
        optional = next(elements(each.inner, "optional"), None)
        if not group or not artifact or "$" in group + artifact or optional is not None:
            continue
        if scope in {"compile", "runtime"}:
            version = written(each.inner, "version")
            version = "" if "$" in version else version
            inner = next(elements(each.inner, "artifactId"))
            at = each.inner_start + inner.inner_start + inner.inner.index(artifact)
            place = at, at + len(artifact)
            found.append(Dependency("maven", f"{group}:{artifact}", version, *place))
    licences = [
        (written(each.inner, "name"), each.inner_start, each.inner_start + len(each.inner))
        for each in elements(plain, "license")
    ]
    own = licences[0] if len(licences) == 1 else ("", 0, 0)
    return Manifest(*own, tuple(found))


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text with spaces in these places, one after the other."""
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _csproj(text: str) -> Manifest:
    own = next(elements(text, "PackageLicenseExpression"), None)
    found = []
    for each in elements(text, "PackageReference"):
        attributes = each.attributes
        name = attributes.get("Include", "")
        if name and "PrivateAssets" not in attributes:
            version, place = attributes.get("Version", ""), each.place_of("Include")
            found.append(Dependency("nuget", name, version, *place))
    if own is None:
        return Manifest("", 0, 0, tuple(found))
    start = own.inner_start
    return Manifest(own.inner.strip(), start, start + len(own.inner), tuple(found))


_READERS: tuple[tuple[re.Pattern[str], Callable[[str], Manifest]], ...] = (
    (re.compile(r"package\.json"), _npm),
    (re.compile(r"pyproject\.toml"), _pyproject),
    (re.compile(r"requirements\.txt"), _requirements),
    (re.compile(r"Cargo\.toml"), _cargo),
    (re.compile(r"go\.mod"), _go),
    (re.compile(r"pom\.xml"), _pom),
    (re.compile(r".*\.csproj"), _csproj),
)
_MANIFEST = re.compile("|".join(pattern.pattern for pattern, _ in _READERS))
