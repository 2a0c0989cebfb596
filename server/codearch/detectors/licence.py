"""Licences that do not go together, and files without the header that the others have."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.detectors._detector import ALL_LANGUAGES, Draft, ProjectDetector, ProjectView
from codearch.detectors._licences.compatibility import conflict, reason
from codearch.detectors._licences.files import Files
from codearch.detectors._licences.headers import header_of
from codearch.detectors._licences.installed import licence_of
from codearch.detectors._licences.own import VENDORED, Folders
from codearch.detectors._licences.spdx import written
from codearch.detectors._licences.texts import held_in
from codearch.facts import Related, Span
from codearch.languages import by_name
from codearch.text import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import Project
    from codearch.detectors._licences.headers import Header
    from codearch.detectors._licences.own import Folder
    from codearch.facts import File

MANIFESTS = frozenset({"json", "toml", "xml", "text"})
_MOST_WITHOUT = 0.1  # of the files, where the others have a header
_LEAST_WITH = 10


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield one finding for each conflict, and for each file whose header is missing."""
    project = view.project
    every = project.files()
    folders = Folders(project, every)
    if not folders.all():
        return
    needed: set[str] = set()  # the files that say under what the dependencies stand
    yield from _dependencies(project, folders, needed)
    yield from _texts(project, folders, needed)
    yield from _headers(view, folders, [file for file in every if file.language in ALL_LANGUAGES])


def _texts(project: Project, folders: Folders, needed: set[str]) -> Iterator[Draft]:
    """Yield manifests that name another licence than the text beside them, and copies' licences."""
    for folder, own in folders.all().items():
        if own.said and own.texts and not _is_copy(folder):
            yield from _contradicted(project, folders, own)
        around = folders.around(folder)
        if around is None or not _is_copy(folder) or "node_modules" in folder:
            continue
        if not needed.isdisjoint((own.manifest, *(path for path, _ in own.texts))):
            continue
        against = conflict(own.licence, around[1].licence)
        path = own.texts[0][0] if own.texts else own.manifest
        if against and path:
            yield Draft(
                path=path,
                span=_span(project, path, (0, 0)),
                message=(
                    f"this copy stands under {against}: "
                    f"{reason(against, written(around[1].licence))}"
                ),
                key=str(against),
            )


def _is_copy(folder: str) -> bool:
    return VENDORED.search(f"{folder}/x") is not None


def _contradicted(project: Project, folders: Folders, own: Folder) -> Iterator[Draft]:
    named = {_family(each.id) for one in own.said for each in one}
    held = {
        _family(each)
        for path, _ in own.texts
        for each in held_in(project.source(path).decode("utf-8", "replace"))
    }
    if len(held) != 1 or named & held or any(each.startswith("LicenseRef") for each in named):
        return
    manifest = folders.manifests[own.manifest]
    path, licence = own.texts[0]
    yield Draft(
        path=own.manifest,
        span=_span(project, own.manifest, (manifest.start, manifest.end)),
        message=(
            f"the manifest says {written(own.said)}, "
            f"but `{path}` is the text of {_family(licence.id)}"
        ),
        key="manifest",
        related=(Related(path, 0, 0, "the licence's text"),),
    )


def _family(licence: str) -> str:
    """Return a licence's id without what its text does not surely say."""
    for family in ("MIT", "BSD", "CC0"):
        if licence.startswith(family):
            return family
    return licence.removesuffix("-only").removesuffix("-or-later")


def _dependencies(project: Project, folders: Folders, needed: set[str]) -> Iterator[Draft]:
    files = Files(project)
    for path, manifest in folders.manifests.items():
        own = folders.of(path)
        if own is None or _is_copy(path):
            continue
        for each in manifest.dependencies:
            known = licence_of(each, path, files)
            against = conflict(known.licence, own[1].licence) if known else None
            if known:
                needed.add(known.path)
            if known and against:
                yield Draft(
                    path=path,
                    span=_span(project, path, (each.start, each.end)),
                    message=(
                        f"`{each.name}` stands under {written(known.licence)} ({known.path}): "
                        f"{reason(against, written(own[1].licence))}"
                    ),
                    key=each.name,
                )


def _headers(view: ProjectView, folders: Folders, files: list[File]) -> Iterator[Draft]:
    project = view.project
    groups: dict[tuple[str, str], list[tuple[File, Header]]] = defaultdict(list)
    for file in files:
        own = folders.of(file.path)
        if own is None or file.generated or file.test or _is_copy(file.path):
            continue
        header = header_of(project, file)
        against = conflict(header.licence, own[1].licence) if header.licence else None
        if against:
            yield Draft(
                path=file.path,
                span=_span(project, file.path, (header.start, header.end)),
                message=(
                    f"the header puts this file under {written(header.licence)}: "
                    f"{reason(against, written(own[1].licence))}"
                ),
                key="header",
            )
        if not header.short:
            groups[own[0], file.language].append((file, header))
    project.check_cancelled()
    for (folder, language), group in groups.items():
        without = [file for file, header in group if not header.speaks]
        having = len(group) - len(without)
        if not without or having < _LEAST_WITH or len(without) > _MOST_WITHOUT * len(group):
            continue
        for file in without:
            where = f"below `{folder}`" if folder else "here"
            yield Draft(
                path=file.path,
                span=_span(project, file.path, (0, 0)),
                message=(
                    f"{having} of {len(group)} {by_name(language).title} files {where} begin with "
                    "their licence, this one does not"
                ),
                key="missing",
                severity=1,
            )


def _span(project: Project, path: str, place: tuple[int, int]) -> Span:
    """Return the place of characters in a file; of the line where they begin, if there are none."""
    text = project.source(path)
    decoded = text.decode("utf-8", "replace")
    first, last = (len(decoded[:each].encode()) for each in place)
    if first == last:
        newline = text.find(b"\n", first)
        last = len(text) if newline < 0 else newline
    lines = Lines(text)
    return Span(first, last, *lines.position(first), *lines.position(last))


DETECTOR = ProjectDetector(
    id="licence",
    category="licence",
    severity=4,
    languages=ALL_LANGUAGES | MANIFESTS,
    summary="Headers, copies and dependencies whose licence conflicts with that of the project.",
    why=(
        "Whoever passes the project on under its licence would break that of the part. The "
        "project's licence is that of its manifest, else of its LICENSE file, folder by folder; a "
        "dependency's is what node_modules, a virtual environment, a vendored copy or the package "
        "manager's own store on this computer says, and nothing is fetched. What is needed for "
        "development and tests alone, LGPL and MPL libraries, exceptions for linking and licences "
        "of which one may be chosen are no conflict, and prose that names a licence is none. Where "
        "nine of ten files begin with their licence, those that do not are named."
    ),
    example="// SPDX-License-Identifier: GPL-3.0-only  (in a project under MIT)",
    effort_hours=2.0,
    check=check,
    texts=True,
)
