"""Knows what each file of a workspace says, reading again only what has changed.

What is known of a file is kept with the index, and in memory as long as the process runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from codearch.detectors._unused.remarks import remarks_of
from codearch.detectors._unused.roles import Roles
from codearch.detectors._unused.rules import RULES
from codearch.detectors._unused.sheet import Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from codearch.detectors._detector import FileView, Project, ProjectView
    from codearch.detectors._unused.candidates import Candidate, Role
    from codearch.detectors._unused.extract import Answers
    from codearch.detectors._unused.known import Known
    from codearch.facts import File

RULE = "unused-symbol"
_FEW_FILES = 100  # that are looked up one by one

_roles_here = Roles()  # as last looked at: where it is wrong, the file is read once more


def extract(view: FileView) -> bytes:
    """Return what is kept of a source file: while its facts are at hand, that costs least."""
    project = view.project
    file = project.file(view.path) if project else None
    if project is None or file is None:
        return b""
    text = Text(view.path, view.facts, view.source, project.code(view.path))
    before = unpack(project.extract(RULE, view.path))
    return pack(made_of(text, file.digest[:DIGEST], _roles_here.guess(file), before))


def made_of(text: Text, digest: str, role: Role, before: Extract | None) -> Extract:
    """Return what is kept of a file; what was kept `before` stands where the code is the same."""
    remarks = remarks_of(text.facts, text.source)
    code = remarks.stamp(text.code) if text.code else b""
    if before is not None and before.is_like(Extract(digest, role, code)):
        return msgspec.structs.replace(before, digest=digest)
    made = extract_of(Sheet(text, role, remarks), digest, role, code)
    return msgspec.structs.replace(made, asked=before.asked if before else b"")


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
        known.waiting |= known.roles.look(self._project, files, gone)
        self._files = _files(self._project, known.waiting)

    def extract(self) -> None:
        """Have what is kept of each file be that of the file as it is."""
        known = self._known
        stored = {} if known.extracts else self._project.extracts(RULE)
        for path, file in self._files.items():
            extract = known.extracts.get(path)
            if extract is not None and self._is_of(extract, file):
                continue  # it was seen before somebody more urgent came
            extract = unpack(stored.get(path) or self._project.extract(RULE, path))
            if extract is None or not self._is_of(extract, file):
                self._project.check_cancelled()
                extract = self._made(file, extract)
                known.unwritten.add(path)
            known.see(file, extract)
        joined = frozenset(_joined(known.extracts))
        again = self._files.keys() | (joined ^ known.joined)
        known.joined = joined
        for path in again & known.extracts.keys():
            found = questions_of(path, known.extracts[path], joined=path in joined)
            known.questions[path] = found
            if not found:
                del known.questions[path]
        known.waiting.clear()

    def _is_of(self, extract: Extract, file: File) -> bool:
        same = extract.digest == file.digest[:DIGEST] != ""
        return same and extract.role == self._known.roles[file.path]

    def _made(self, file: File, before: Extract | None) -> Extract:
        role, digest = self._known.roles[file.path], file.digest[:DIGEST]
        if file.language not in RULES:
            return Extract(digest, role)
        return made_of(self._text(file), digest, role, before)

    def _text(self, file: File) -> Text:
        path, project = file.path, self._project
        return Text(path, project.facts(path), project.source(path), project.code(path))

    def ask(self) -> None:
        """Ask all files about what is new, and new files about everything."""
        known = self._known
        before = self._asked_before()
        everything = Questions(self._asked(before=frozenset()))
        more = Questions(self._asked(before))
        known.begin_asking({each for own in known.questions.values() for each in own} - before)
        for path in known.extracts.keys() - known.heard:
            answered = known.extracts[path].answers
            if answered is None or self._may_say(path, more):
                answers = self._answers(path, everything)
                if answers != (answered or known.answered.get(path)):
                    known.dead = None
                known.keep(path, answers=answers)
            known.heard.add(path)
        known.end_asking()
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

    def _may_say(self, path: str, questions: Questions) -> bool:
        """Say whether a file may have something to say of what is asked."""
        if not questions.modules:
            return False
        self._project.check_cancelled()
        stems = self._known.extracts[path].stems
        return questions.are_for(path, self._project.source(path), hashes([stems]).tolist())

    def _answers(self, path: str, questions: Questions) -> Answers:
        self._project.check_cancelled()
        file = self._files.get(path) or self._project.file(path)
        if file is None or file.language not in RULES:
            source = self._project.source(path)
            return questions.answers_of_text(source, file.language if file else "")
        if not self._may_say(path, questions):
            return NOTHING
        text, role = self._text(file), self._known.roles[path]
        return questions.answers(Sheet(text, role, remarks_of(text.facts, text.source)))

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


def _joined(extracts: dict[str, Extract]) -> Iterable[str]:
    """Yield the C files that are compiled as one with another: what includes, and is included."""
    included = {name for each in extracts.values() for name in each.included}
    for path, each in extracts.items():
        if each.included or (included and path.rpartition("/")[2] in included):
            yield path
