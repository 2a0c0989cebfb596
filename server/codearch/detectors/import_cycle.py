"""Files that import each other in a circle while they are loaded."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.detectors._detector import ALL_LANGUAGES, Draft, ProjectDetector, ProjectView
from codearch.facts import NO_SPAN, Related, Span
from codearch.graph.analysis import Cycle, cycles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codearch.facts import Edge, FileFacts, Import

SHOWN_FILES = 8  # of a long cycle in a message
_GO = "\0"  # between the folder of a package and its name
FEW = 4  # an import that frees less than one file in so many is not what holds them together
SUFFIXES = frozenset({"py", "js", "jsx", "mjs", "cjs", "ts", "tsx", "h", "hpp", "hh", "hxx"})
INDEX_STEMS = frozenset(
    {"__init__", "index", "mod", "lib", "main"}
)  # files that stand for a folder


def check(view: ProjectView) -> Iterator[Draft]:
    """Yield one finding for each strongly connected component of the load-time import graph."""
    edges = [edge for edge in view.project.import_graph() if not _declares(edge)]
    go = [edge for edge in edges if _is_of_go(edge)]
    for cycle in cycles(edge for edge in edges if not _is_of_go(edge)):
        yield _draft(view, cycle, _steps(_from_cut(cycle)))
    yield from _between_packages(view, go)


def _is_of_go(edge: Edge) -> bool:
    return edge.source.endswith(".go") and edge.target.endswith(".go")


def _between_packages(view: ProjectView, edges: Sequence[Edge]) -> Iterator[Draft]:
    """Yield the circles of Go: packages are loaded whole, whichever of their files imports.

    Tests are loaded without being imported, and a folder may hold a program beside a package.
    """
    edges = [edge for edge in edges if not edge.source.endswith("_test.go")]
    folders = {path: PurePosixPath(path).parent.as_posix() for path in _ends(edges)}
    round_trips = {each for cycle in cycles(_joined(edges, folders)) for each in cycle.files}
    edges = [edge for edge in edges if round_trips >= {folders[edge.source], folders[edge.target]}]
    packages = {
        path: f"{folders[path]}{_GO}{view.project.facts(path).package}" for path in _ends(edges)
    }
    for cycle in cycles(_joined(edges, packages)):
        steps = [
            min(
                (e.source, e.target)
                for e in edges
                if (packages[e.source], packages[e.target]) == step
            )
            for step in _steps(_from_cut(cycle))
        ]
        yield _draft(view, cycle, steps)


def _ends(edges: Iterable[Edge]) -> set[str]:
    return {path for edge in edges for path in (edge.source, edge.target)}


def _joined(edges: Iterable[Edge], names: Mapping[str, str]) -> Iterator[Edge]:
    """Yield edges between what holds the files."""
    for edge in edges:
        yield replace(edge, source=names[edge.source], target=names[edge.target])


def _steps(files: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(files, [*files[1:], *files[:1]], strict=True))


def _declares(edge: Edge) -> bool:
    """Say whether a Rust file only holds the other as its module: `mod child;` in its parent."""
    if not (edge.source.endswith(".rs") and edge.target.endswith(".rs")):
        return False
    source, target = PurePosixPath(edge.source), PurePosixPath(edge.target)
    folder = source.parent if source.stem in INDEX_STEMS else source.with_suffix("")
    return target.is_relative_to(folder)


def _draft(view: ProjectView, cycle: Cycle, steps: Sequence[tuple[str, str]]) -> Draft:
    files = [source for source, _ in steps]
    spans = [_import_span(view.project.facts(source), source, target) for source, target in steps]
    return Draft(
        path=files[0],
        span=spans[0],
        message=_message(files, cycle, steps),
        key="\0".join(sorted(files)),
        severity=4 if len(cycle.files) > 2 * SHOWN_FILES else None,
        effort_hours=round(1.0 + 0.5 * len(cycle.files), 1),
        confidence=round(cycle.cut.confidence, 2),
        related=tuple(
            Related(source, span.line, span.end_line, f"imports {target}")
            for (source, target), span in list(zip(steps, spans, strict=True))[1:]
        ),
    )


def _from_cut(cycle: Cycle) -> list[str]:
    """Return the shortest cycle, begun at the file with the import to cut if that is in it."""
    files = list(cycle.shortest)
    steps = list(zip(files, [*files[1:], files[0]], strict=True))
    cut = (cycle.cut.source, cycle.cut.target)
    start = steps.index(cut) if cut in steps else 0
    return files[start:] + files[:start]


def _message(files: list[str], cycle: Cycle, steps: Sequence[tuple[str, str]]) -> str:
    shown = files if len(files) <= SHOWN_FILES else [*files[:SHOWN_FILES], "…"]
    message = "import cycle: " + " → ".join([*shown, files[0]])
    if len(cycle.files) > len(files):
        what = "packages" if _GO in cycle.cut.source else "files"
        message += f", part of {len(cycle.files)} {what} that depend on each other"
    source, target = steps[0] if _GO in cycle.cut.source else (cycle.cut.source, cycle.cut.target)
    cut = f"cutting {source} → {target}"
    if cycle.freed == len(cycle.files):
        return f"{message}; {cut} ends it"
    if cycle.freed * FEW >= len(cycle.files):
        return f"{message}; {cut} frees {cycle.freed} of them"
    return f"{message}; no one import holds them together, {cut} frees {cycle.freed or 'none'}"


def _import_span(facts: FileFacts, source: str, target: str) -> Span:
    """Return the import that most likely means `target`, the file's first one otherwise."""
    at_load = [each for each in facts.imports if not each.deferred and not each.type_only]
    wanted = _names_of(target)
    ranked = sorted(at_load, key=lambda each: -_likeness(each, source, wanted))
    return ranked[0].span if ranked else NO_SPAN


def _names_of(path: str) -> list[str]:
    """Return the words of a module's path, the last first: `a/b/__init__.py` gives b, a."""
    pure = PurePosixPath(path)
    stem = pure.name.partition(".")[0]
    words = [*pure.parts[:-1], stem]
    if stem in INDEX_STEMS and len(words) > 1:
        words.pop()
    return words[::-1]


def _likeness(each: Import, source: str, wanted: list[str]) -> int:
    """Count how many words of the target's path, from the last on, the import's module ends in."""
    module = _words_of(each, source)
    named = [[*module, *_split(name.name)] for name in each.names if name.name]
    return max(_common_end(words, wanted) for words in (module, *named))


def _words_of(each: Import, source: str) -> list[str]:
    """Return the words of an import's module; those of the whole path where it is relative."""
    folder = list(PurePosixPath(source).parent.parts)
    if each.level:  # Python: one dot is the file's own folder
        return folder[: len(folder) + 1 - each.level] + _split(each.module)
    if not each.module.startswith("."):
        return _split(each.module)
    for part in each.module.split("/"):
        if part == "..":
            del folder[-1:]
        elif part != ".":
            folder += _split(part)
    return folder


def _split(module: str) -> list[str]:
    words = [word for word in re.split(r"[./\\:]+", module) if word]
    if words and words[-1] in SUFFIXES:
        words.pop()
    return words


def _common_end(words: list[str], wanted: list[str]) -> int:
    if words and words[-1] in INDEX_STEMS and wanted and words[-1] != wanted[0]:
        words = words[:-1]
    common = 0
    for word, other in zip(reversed(words), wanted, strict=False):
        if word != other:
            break
        common += 1
    return common


DETECTOR = ProjectDetector(
    id="import-cycle",
    category="dependencies",
    severity=3,
    languages=ALL_LANGUAGES,
    summary="Files that import each other in a circle when they are loaded.",
    why=(
        "Of files in a circle none can be understood, tested, moved or loaded without all the "
        "others, and which one is loaded first decides what works. Imports for types alone and "
        "imports inside functions do not count. There is one finding for each group of files that "
        "depend on each other, with the shortest cycle in it and, of all imports among them, the "
        "one whose removal frees most files. Where that is few, several must go."
    ),
    example="a.py: from b import load      b.py: from a import Settings",
    effort_hours=2.0,
    check=check,
)
