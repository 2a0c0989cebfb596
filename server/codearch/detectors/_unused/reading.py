"""Knows what each file of a workspace says, reading again only what has changed.

What is known of a file is kept with the index, and in memory as long as the process runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from codearch.detectors._unused.asking import HASH, Questions, questions_of
from codearch.detectors._unused.extract import (
    DIGEST,
    NOTHING,
    Extract,
    extract_of,
    hashes,
    pack,
    unpack,
)
from codearch.detectors._unused.roles import Roles
from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.sheet import Sheet
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    import numpy as np

    from codearch.detectors._detector import Draft, FileView, Project, ProjectView
    from codearch.detectors._unused.candidates import Candidate
    from codearch.detectors._unused.extract import Answers
    from codearch.facts import File
else:
    np = Lazy("numpy")

RULE = "unused-symbol"
_FEW = 16  # new names, which are looked for one by one
_FEW_FILES = 100  # that are looked up one by one


class Looked(NamedTuple):
    """How many files were looked at."""

    sources: int
    tests: int  # of the sources
    others: int


class Known:
    """What is known of files, by path, from one run to the next."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.extracts: dict[str, Extract] = {}
        self.joined: frozenset[str] = frozenset()  # C files that are compiled as one with another
        self.roles = Roles()
        self.questions: dict[str, dict[bytes, Candidate]] = {}
        self.answered: dict[str, Answers] = {}  # before files changed
        self.unwritten: set[str] = set()  # of which the index keeps less
        self.told: tuple[Draft, ...] | None = None  # None where it may be another now
        self._kinds: dict[str, tuple[bool, bool]] = {}  # a source, a test

    @property
    def looked(self) -> Looked:
        """How many files there are."""
        sources = [test for source, test in self._kinds.values() if source]
        return Looked(len(sources), sum(sources), len(self._kinds) - len(sources))

    def keep(self, path: str, **changes: Any) -> None:
        """Change what is known of a file."""
        self.extracts[path] = msgspec.structs.replace(self.extracts[path], **changes)
        self.unwritten.add(path)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget files that are no more."""
        for path in paths:
            self.told = None
            for each in (self.digests, self.extracts, self.questions, self._kinds):
                each.pop(path, None)

    def see(self, file: File, extract: Extract, told_of: AbstractSet[str]) -> None:
        """Know a new state of a file."""
        before = self.extracts.get(file.path)
        if before is None or file.path in told_of or _meaning(before) != _meaning(extract):
            self.told = None
        elif before.answers is not None:
            self.answered[file.path] = before.answers
        self.extracts[file.path] = extract
        self.digests[file.path] = file.digest
        self._kinds[file.path] = file.language in RULES, file.test


_roles_here = Roles()  # as last looked at: where it is wrong, the file is read once more


def extract(view: FileView) -> bytes:
    """Return what is kept of a source file: while its facts are at hand, that costs least."""
    project = view.project
    file = project.file(view.path) if project else None
    if project is None or file is None:
        return b""
    if _roles_here.get(view.path) is None:
        _roles_here.look(project, {each.path: each for each in project.files()}, ())
    role = _roles_here[view.path]
    before = unpack(project.extract(RULE, view.path))
    made = extract_of(Sheet(view.path, view.facts, view.source, role), file.digest[:DIGEST], role)
    return pack(msgspec.structs.replace(made, asked=before.asked if before else b""))


def read(view: ProjectView, known: Known) -> None:
    """Know what each file says; those that have changed, or are asked more, are read anew."""
    global _roles_here  # noqa: PLW0603 - a guess of what comes next
    _roles_here = known.roles
    reading = _Reading(view, known)
    reading.extract()
    reading.ask()
    reading.write()


class _Reading:
    """One look at the workspace."""

    def __init__(self, view: ProjectView, known: Known) -> None:
        self._view, self._known = view, known
        self._project = view.project
        digests = self._project.digests()
        gone = known.digests.keys() - digests.keys()
        changed = [
            p for p, digest in digests.items() if not digest or known.digests.get(p) != digest
        ]
        files = _files(self._project, changed)
        known.forget(gone)
        self._files = _files(self._project, known.roles.look(self._project, files, gone))

    def extract(self) -> None:
        """Have what is kept of each file be that of the file as it is."""
        known = self._known
        stored = {} if known.extracts else self._project.extracts(RULE)
        told_of = {path for each in known.told or () for path in _paths(each)}
        for path, file in self._files.items():
            data = stored.get(path, b"") if stored else self._project.extract(RULE, path)
            extract = unpack(data)
            if extract is None or not self._is_of(extract, file):
                self._project.check_cancelled()
                extract = self._made(file, extract)
                known.unwritten.add(path)
            known.see(file, extract, told_of)
        joined = frozenset(_joined(known.extracts))
        again = self._files.keys() | (joined ^ known.joined)
        known.joined = joined
        for path in again & known.extracts.keys():
            found = questions_of(path, known.extracts[path], joined=path in joined)
            known.questions[path] = found
            if not found:
                del known.questions[path]

    def _is_of(self, extract: Extract, file: File) -> bool:
        same = extract.digest == file.digest[:DIGEST] != ""
        return same and extract.role == self._known.roles[file.path]

    def _made(self, file: File, before: Extract | None) -> Extract:
        role, digest = self._known.roles[file.path], file.digest[:DIGEST]
        if file.language not in RULES:
            return Extract(digest, role)
        made = extract_of(self._sheet(file), digest, role)
        return msgspec.structs.replace(made, asked=before.asked if before else b"")

    def _sheet(self, file: File) -> Sheet:
        facts, source = self._project.facts(file.path), self._project.source(file.path)
        return Sheet(file.path, facts, source, self._known.roles[file.path])

    def ask(self) -> None:
        """Ask all files about what is new, and new files about everything."""
        known = self._known
        before = self._asked_before()
        everything = Questions(self._asked(before=frozenset()))
        more = Questions(self._asked(before))
        waiting = {path for path, each in known.extracts.items() if each.answers is None}
        concerned = {*self._concerned(more, known.extracts.keys() - waiting)}
        for path in waiting | concerned:
            answers = self._answers(path, everything)
            if answers != (known.extracts[path].answers or known.answered.get(path)):
                known.told = None
            known.keep(path, answers=answers)
        known.answered.clear()
        for path in known.questions.keys() | self._files.keys():
            self._note_asked(path, known.questions.get(path, {}).keys())

    def _asked(self, before: AbstractSet[bytes]) -> Iterable[tuple[str, Candidate, bool]]:
        for path, own in self._known.questions.items():
            joined = path in self._known.joined
            yield from ((path, node, joined) for each, node in own.items() if each not in before)

    def _asked_before(self) -> set[bytes]:
        """Return what all files that have not changed were asked; forget what is asked no more.

        Else a file would be taken for one that was asked, which was not there then.
        """
        before: set[bytes] = set()
        for path, extract in self._known.extracts.items():
            if extract.asked:
                data = extract.asked
                asked = {data[at : at + HASH] for at in range(0, len(data), HASH)}
                asked &= self._known.questions.get(path, {}).keys()
                self._note_asked(path, asked)
                before |= asked
        return before

    def _note_asked(self, path: str, asked: AbstractSet[bytes]) -> None:
        data = b"".join(sorted(asked))
        if self._known.extracts[path].asked != data:
            self._known.keep(path, asked=data)

    def _concerned(self, questions: Questions, paths: Iterable[str]) -> Iterable[str]:
        """Yield the files that may have something to say of what is asked now."""
        if not questions.modules:
            return
        wanted = np.fromiter(questions.stems, np.uint32)
        for path in paths:
            stems = self._known.extracts[path].stems
            if stems and bool(np.isin(hashes([stems]), wanted).any()):
                yield path
                continue
            self._project.check_cancelled()
            source = self._project.source(path)
            if len(questions.modules) > _FEW:
                found = questions.stand_in(source)
            else:
                found = any(name.encode() in source for name in questions.modules)
            if found:
                yield path

    def _answers(self, path: str, questions: Questions) -> Answers:
        self._project.check_cancelled()
        file = self._files.get(path) or self._project.file(path)
        source = self._project.source(path)
        if file is None or file.language not in RULES:
            return questions.answers_of_text(source, file.language if file else "")
        stems = self._known.extracts[path].stems
        hinted = bool(stems) and not questions.stems.keys().isdisjoint(hashes([stems]).tolist())
        if not hinted and not questions.stand_in(source):
            return NOTHING
        return questions.answers(self._sheet(file))

    def write(self) -> None:
        """Have the index keep what has become known."""
        for path in self._known.unwritten & self._known.extracts.keys():
            extract = self._known.extracts[path]
            if extract.digest:
                self._view.kept[path] = pack(extract)
        self._known.unwritten.clear()


def _files(project: Project, paths: AbstractSet[str] | list[str]) -> dict[str, File]:
    if len(paths) > _FEW_FILES:
        wanted = set(paths)
        return {file.path: file for file in project.files() if file.path in wanted}
    return {path: file for path in paths if (file := project.file(path))}


def _meaning(extract: Extract) -> tuple[object, ...]:
    """Return what others see of a file, but for its answers."""
    return extract.nodes, extract.links, extract.types, extract.included


def _paths(draft: Draft) -> Iterable[str]:
    yield draft.path
    yield from (each.path for each in draft.related)


def _joined(extracts: dict[str, Extract]) -> Iterable[str]:
    """Yield the C files that are compiled as one with another: what includes, and is included."""
    included = {name for each in extracts.values() for name in each.included}
    for path, each in extracts.items():
        if each.included or (included and path.rpartition("/")[2] in included):
            yield path
