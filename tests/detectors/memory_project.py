"""A workspace in memory, as rules see it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from memory import MemoryWorkspace
from memory_past import MemoryFilePast, past_of

from codearch.detectors import (
    FileView,
    applied,
    file_detectors,
    project_detectors,
    run_file,
    run_project,
)
from codearch.facts import Edge, File, FileFacts, Finding, Symbol
from codearch.index.shape import code_of, shape_of
from codearch.settings import RuleSettings
from codearch.snapshot.origins import Origin
from codearch.snapshot.past import Past


class MemoryProject:
    """Parsed files, their import edges and bases; `root` where they lie on the disk as well.

    `before` is what they were before the last commit.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        history: str = "",
        before: Mapping[str, str] | None = None,
        root: Path | None = None,
    ) -> None:
        self.root = root
        self._workspace = MemoryWorkspace(files)
        self._before = before or {}
        self._past = past_of(history) if history else None
        self._resolutions = {path: self._workspace.resolve(path) for path in self._workspace.files}

    def files(self, language: str | None = None, under: str = "") -> Sequence[File]:
        found = [self.file(path) for path in self._workspace.files]
        return [each for each in found if each and language in (None, each.language)]

    def file(self, path: str) -> File | None:
        facts = self._workspace.files.get(path)
        if facts is None:
            return None
        test = path.startswith("tests/") or path.rpartition("/")[2].startswith("test_")
        size = len(self._workspace.sources[path])
        return File(1, path, facts.language, "", size, facts.lines, 0, facts.generated, test)

    def digests(self) -> Mapping[str, str]:
        return {each.path: each.digest for each in self.files()}

    def facts(self, path: str) -> FileFacts:
        return self._workspace.files[path]

    def source(self, path: str) -> bytes:
        return self._workspace.sources[path]

    def code(self, path: str, /) -> bytes:
        return code_of(shape_of(self._workspace.files[path], self._workspace.sources[path]))

    def importers_naming(self, path: str, words: Collection[bytes]) -> Iterator[tuple[str, bytes]]:
        for edge in self.import_graph():
            source = self.source(edge.source)
            if edge.target == path and any(word in source for word in words):
                yield edge.source, source

    def import_graph(self) -> Sequence[Edge]:
        found: dict[tuple[str, str], Edge] = {}
        for source, resolution in self._resolutions.items():
            for each in resolution.imports:
                for target in each.targets:
                    known = found.get((source, target))
                    count = known.count + 1 if known else 1
                    deferred = each.deferred and (known is None or known.deferred)
                    edge = Edge(source, target, "import", count, deferred=deferred)
                    found[source, target] = edge
        return sorted(found.values(), key=lambda edge: (edge.source, edge.target))

    def symbols(self, path: str, /) -> Sequence[Symbol]:
        facts = self.facts(path)
        return [self._symbol(path, facts, index) for index in range(len(facts.symbols))]

    def bases(self, symbol: str, /) -> Sequence[Symbol]:
        path, _, index = symbol.rpartition("#")
        return [
            self._symbol(each.path, self.facts(each.path), each.base)
            for each in self._resolutions[path].bases
            if each.symbol == int(index)
        ]

    def names_something_of(self, path: str, other: str) -> bool:
        found = self._resolutions[path]
        targets = {each.path for each in found.calls}
        return other in targets | {each.path for each in found.bases + found.tests}

    def past(self) -> Past | None:
        return self._past

    def origins(self, path: str, /) -> Mapping[str, Origin]:
        if path not in self._before:
            return {}
        view = FileView(path, self.facts(path), self.source(path))
        known = MemoryFilePast((self.source(path), self._before[path].encode()))
        found: dict[str, Origin | None] = {}
        for rule in file_detectors():
            if rule.origins is not None and view.facts.language in rule.languages:
                found |= rule.origins(view, known)
        return {key: origin for key, origin in found.items() if origin is not None}

    def extracts(self, rule: str, /) -> Mapping[str, bytes]:
        return {}

    def extract(self, rule: str, path: str, /) -> bytes:
        return b""

    def check_cancelled(self) -> None:
        pass

    def _symbol(self, path: str, facts: FileFacts, index: int) -> Symbol:
        fact = facts.symbols[index]
        return Symbol(
            id=f"{path}#{index}",
            path=path,
            language=facts.language,
            name=fact.name,
            container=fact.container,
            kind=fact.kind,
            span=fact.span,
            name_span=fact.name_span,
            signature=fact.signature,
            summary="",
            exported=fact.exported,
            test=fact.test,
            index=index,
            parent=f"{path}#{fact.parent}" if fact.parent >= 0 else None,
            parameters=len(fact.parameters),
            metrics=fact.metrics,
        )


def findings_in(
    files: Mapping[str, str],
    rule: str = "",
    settings: Mapping[str, RuleSettings] | None = None,
    history: str = "",
    before: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Return the findings of one rule, or of all, in a workspace of these files."""
    project = MemoryProject(files, history, before)
    found: list[Finding] = []
    detectors = [each for each in file_detectors() if rule in ("", each.id)]
    for file in project.files():
        view = FileView(
            file.path,
            project.facts(file.path),
            project.source(file.path),
            test=file.test,
            generated=file.generated,
            project=project,
        )
        found += run_file(detectors, view, settings)
    whole = [each for each in project_detectors() if rule in ("", each.id)]
    return found + run_project(whole, project, settings)


def fixed(files: Mapping[str, str], rule: str, *, unsafe: bool = False) -> dict[str, str]:
    """Apply the safe fixes of a rule, or all, one at a time, until none is left."""
    now = dict(files)
    for _ in range(100):
        fixes = [each.fix for each in findings_in(now, rule) if each.fix]
        fixes = [fix for fix in fixes if fix.safe or unsafe]
        if not fixes:
            break
        for path in {edit.path for edit in fixes[0].edits}:
            edits = [edit for edit in fixes[0].edits if edit.path == path]
            now[path] = applied(now[path].encode(), edits).decode()
    return now
