"""The licence of what a manifest asks for, where it lies on this computer: nothing is fetched."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._elements import elements, written
from codearch.detectors._licences import texts
from codearch.detectors._licences.files import joined, names_in, parents
from codearch.detectors._licences.spdx import Expression, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from codearch.detectors._licences.files import Files
    from codearch.detectors._licences.manifests import Dependency

LICENCE_FILE = re.compile(
    r"(?:LICEN[CS]E|COPYING|UNLICENSE)(?:[-.](?:md|txt|rst|\w+))?", re.IGNORECASE
)
_VENVS = (".venv", "venv", "env")
_CLASSIFIER = re.compile(r"^Classifier: License :: (?:OSI Approved :: )?(.+)$", re.MULTILINE)
_FIELD = re.compile(r"^License-Expression: (.+)$", re.MULTILINE)
_OLD_FIELD = re.compile(r"^License: (.{1,60})$", re.MULTILINE)
_PLAIN = re.compile(r"[\w@+~-][\w.@+~-]*(?:/[\w@+~-][\w.@+~-]*)*")


class Known(NamedTuple):
    """A licence, and the file that says so."""

    licence: Expression
    path: str


def licence_of(dependency: Dependency, manifest: str, files: Files) -> Known | None:
    """Return the licence of what a manifest asks for, None where it is not known here.

    What a name would lead to outside of the folders where packages lie is none.
    """
    if not all(map(_PLAIN.fullmatch, dependency.name.split(":"))):
        return None
    for known in _LOOKS[dependency.ecosystem](dependency, manifest, files):
        if known.licence:
            return known
    return None


def _npm(dependency: Dependency, manifest: str, files: Files) -> Iterator[Known]:
    for folder in parents(manifest):
        path = joined(folder, f"node_modules/{dependency.name}/package.json")
        text = files.read(path)
        if text is None:
            continue
        try:
            licence = json.loads(text).get("license", "")
        except (ValueError, AttributeError, RecursionError):
            return
        if isinstance(licence, dict):
            licence = licence.get("type", "")
        if isinstance(licence, str):
            yield Known(parse(licence), path)
        return


def _pypi(dependency: Dependency, manifest: str, files: Files) -> Iterator[Known]:
    wanted = _normal(dependency.name)
    for folder in parents(manifest):
        for packages in _site_packages(folder, files):
            for name in files.names(packages):
                own, _, ending = name.rpartition(".")
                if ending == "dist-info" and _normal(own.rpartition("-")[0]) == wanted:
                    path = f"{packages}/{name}/METADATA"
                    yield Known(_of_metadata(files.read(path) or ""), path)


def _site_packages(folder: str, files: Files) -> Iterator[str]:
    for venv in _VENVS:
        library = joined(folder, f"{venv}/lib")
        for python in files.names(library):
            yield f"{library}/{python}/site-packages"
        windows = joined(folder, f"{venv}/Lib/site-packages")
        if files.names(windows):
            yield windows


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _of_metadata(text: str) -> Expression:
    head = text.partition("\n\n")[0]
    field = _FIELD.search(head)
    if field:
        return parse(field[1])
    named = {each for each in _CLASSIFIER.findall(head) if each != "OSI Approved"}
    if len(named) == 1 and (found := parse(named.pop())):
        return found
    old = _OLD_FIELD.search(head)
    return parse(old[1]) if old else ()


def _cargo(dependency: Dependency, manifest: str, files: Files) -> Iterator[Known]:
    for folder in parents(manifest):
        path = joined(folder, f"vendor/{dependency.name}/Cargo.toml")
        yield Known(_of_crate(files.read(path)), path)
    home = files.home()
    number = re.match(r"[\^~=]?\s*(\d+(?:\.\d+){0,2})", dependency.version)
    if home is None or number is None:
        return
    registry = home / ".cargo/registry/src"
    for index in names_in(registry):
        for name in names_in(registry / index):
            if name.startswith(f"{dependency.name}-{number[1]}"):
                file = registry / index / name / "Cargo.toml"
                yield Known(_of_crate(files.outside(file)), str(file))


def _of_crate(text: str | None) -> Expression:
    try:
        licence = tomllib.loads(text or "").get("package", {}).get("license", "")
    except (ValueError, AttributeError, RecursionError):
        return ()
    return parse(licence.replace("/", " OR ")) if isinstance(licence, str) else ()


def _go(dependency: Dependency, manifest: str, files: Files) -> Iterator[Known]:
    for folder in parents(manifest):
        for name in ("LICENSE", "LICENSE.txt", "LICENSE.md", "COPYING"):
            path = joined(folder, f"vendor/{dependency.name}/{name}")
            yield Known(_of_text(files.read(path)), path)
    home = files.home()
    if home is not None and _PLAIN.fullmatch(dependency.version):
        escaped = re.sub(r"[A-Z]", lambda match: f"!{match.group().lower()}", dependency.name)
        yield from _texts_in(home / f"go/pkg/mod/{escaped}@{dependency.version}", files)


def _texts_in(folder: Path, files: Files) -> Iterator[Known]:
    for name in names_in(folder):
        if LICENCE_FILE.fullmatch(name):
            yield Known(_of_text(files.outside(folder / name)), str(folder / name))


def _of_text(text: str | None) -> Expression:
    licence = texts.of_text(text) if text else None
    return ((licence,),) if licence else ()


def _maven(dependency: Dependency, _manifest: str, files: Files) -> Iterator[Known]:
    home = files.home()
    if home is None or not _PLAIN.fullmatch(dependency.version):
        return
    group, _, artifact = dependency.name.partition(":")
    folder = home / ".m2/repository" / group.replace(".", "/") / artifact / dependency.version
    path = folder / f"{artifact}-{dependency.version}.pom"
    text = files.outside(path) or ""
    found = [parse(written(each.inner, "name")) for each in elements(text, "license")]
    if all(found):  # several are for who gets it to choose from
        yield Known(tuple(choice for each in found for choice in each), str(path))


def _nuget(dependency: Dependency, _manifest: str, files: Files) -> Iterator[Known]:
    home = files.home()
    if home is None or not _PLAIN.fullmatch(dependency.version):
        return
    name = dependency.name.lower()
    path = home / ".nuget/packages" / name / dependency.version / f"{name}.nuspec"
    for each in elements(files.outside(path) or "", "license"):
        if each.attributes.get("type") == "expression":
            yield Known(parse(each.inner.strip()), str(path))


_LOOKS: dict[str, Callable[[Dependency, str, Files], Iterator[Known]]] = {
    "npm": _npm,
    "pypi": _pypi,
    "cargo": _cargo,
    "go": _go,
    "maven": _maven,
    "nuget": _nuget,
}
