"""What is kept of files for the search of unused symbols tells the same as reading all anew."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence

import msgspec
import pytest
from memory_project import MemoryProject

from codearch.detectors import FileView, NothingElse, Remembered, run_project
from codearch.detectors.unused_symbol import DETECTOR
from codearch.errors import Cancelled
from codearch.facts import File, Finding

FILES = {
    "main.py": "from shapes import _area\n\n\ndef run():\n    return _area(2)\n",
    "shapes.py": "def _area(side):\n    return _square(side)\n\n\ndef _square(side):\n    return side\n",
    "types_.py": (
        "class Base:\n    def _draw(self):\n        return 1\n\n\n"
        "class Other:\n    def _paint(self):\n        return 2\n"
    ),
    "heirs.py": (
        "from types_ import Base\n\n\n"
        "class Heir(Base):\n    def show(self):\n        return self._draw()\n"
    ),
    "README.md": "Call `_paint` if you like.\n",
    "visitors.py": "class Visitor:\n    def _visit_name(self):\n        return 3\n",
    "calls.py": 'def call(one, kind):\n    return getattr(one, "_visit_" + kind)()\n',
}
EDITS: Sequence[Mapping[str, str | None]] = (
    {},
    {"main.py": "from shapes import _area\n\n\ndef run():\n    return 2\n"},
    {"main.py": "def run():\n    return 2\n"},
    {"shapes.py": "# moved down\n\n" + FILES["shapes.py"]},
    {"more.py": "import shapes\n\nprint(shapes._square(3))\n"},
    {"README.md": "Nothing to call.\n"},
    {"heirs.py": "class Heir:\n    pass\n"},
    {"calls.py": None},
    {"README.md": FILES["README.md"], "more.py": None, "calls.py": FILES["calls.py"]},
    {"shapes.py": FILES["shapes.py"].replace("_square", "_box")},
    {"more.py": "from shapes import _box as box\n"},
    {"shapes.py": FILES["shapes.py"], "heirs.py": FILES["heirs.py"]},
    {"manage.py": "import tools\n", "tools.py": "def used():\n    return 1\n"},
    {"tools.py": "def used():\n    return 1\n\n\ndef left():\n    return 2\n"},
    {
        "tools.py": "def used():\n    return 1\n\n\n# nobody\ndef left():\n    # so far\n    return 2\n"
    },
    {"tools.py": "def used():\n    return 1\n\n\n# noqa\ndef left():\n    return 2\n"},
    {"tools.py": "def used():\n    return 1\n\n\n# noqa\n\n# or so\ndef left():\n    return 2\n"},
    {"tools.py": "# ruff: noqa\ndef used():\n    return 1\n\n\ndef left():\n    return 2\n"},
    {"tools.py": "# tools\ndef used():\n    return 1\n\n\ndef left():\n    return 2\n"},
    {"more.py": "_LEFT = 3\n"},
    {"more.py": "# noqa\n_LEFT = 3\n"},
    {"more.py": "# noqa\n\n_LEFT = 3  # days\n"},
    {"more.py": "# Calls _box.\nfrom shapes import _box as box\n"},
    {"more.py": "# Calls nothing.\nprint()\n", "shapes.py": FILES["shapes.py"] + "# _square\n"},
    {"notes.txt": "left\n"},
    {"manage.py": None},
)


class Index:
    """Files, and what rules keep of them; somebody may be `urgent` after so many steps."""

    def __init__(self, urgent: int = 0) -> None:
        self.urgent = urgent
        self.files = dict(FILES)
        self.extracts: dict[str, bytes] = {}
        self.remembered = Remembered()
        self.read: list[str] = []
        self.interrupted = 0

    def edit(self, changes: Mapping[str, str | None]) -> None:
        for path, text in changes.items():
            self.extracts.pop(path, None) if text is None else None
            self.files = {**self.files, path: text or ""}
            if text is None:
                del self.files[path]

    def check(self, changed: Sequence[str]) -> list[str]:
        """Do as the indexer does: extracts of changed files, then the rule; return the findings."""
        for path in changed:
            self.extract(path)
        self.read.clear()
        found = self._found()
        self.extracts |= self.remembered.kept
        self.remembered.kept.clear()
        return [f"{each.path}:{each.span.line + 1} {each.message}" for each in found]

    def extract(self, path: str, *, alone: bool = False) -> None:
        """Make what is kept of a file, `alone` where nothing else is known of it."""
        project = Stored(self)
        file = project.file(path)
        if file is not None and file.language in DETECTOR.languages:
            facts, source = project.facts(path), project.source(path)
            assert DETECTOR.extract is not None
            # No whole project: what an extract asks of it besides would fail here.
            around = NothingElse(file, code=project.code(path)) if alone else project
            view = FileView(path, facts, source, test=file.test, project=around)  # type: ignore[arg-type]
            self.extracts[path] = DETECTOR.extract(view)

    def _found(self) -> list[Finding]:
        remembered, first = {DETECTOR.id: self.remembered}, self.urgent
        while True:
            with contextlib.suppress(Cancelled):
                found = run_project([DETECTOR], Stored(self), None, remembered)
                break
            self.urgent += 1
            self.interrupted += 1
        self.urgent = first
        return found


class Stored(MemoryProject):
    """Tells contents apart, and has what is kept of them."""

    def __init__(self, index: Index) -> None:
        super().__init__(index.files)
        self._index = index
        self._steps = 0

    def check_cancelled(self) -> None:
        self._steps += 1
        if self._steps == self._index.urgent:
            raise Cancelled("")

    def file(self, path: str) -> File | None:
        found = super().file(path)
        digest = hashlib.sha256(self._index.files.get(path, "").encode()).hexdigest()
        return found and msgspec.structs.replace(found, digest=digest)

    def source(self, path: str) -> bytes:
        self._index.read.append(path)
        return super().source(path)

    def extracts(self, rule: str, /) -> Mapping[str, bytes]:
        return self._index.extracts

    def extract(self, rule: str, path: str, /) -> bytes:
        return self._index.extracts.get(path, b"")


def fresh(files: Mapping[str, str]) -> list[str]:
    found = run_project([DETECTOR], MemoryProject(files))
    return [f"{each.path}:{each.span.line + 1} {each.message}" for each in found]


@pytest.mark.parametrize("checked", [True, False], ids=["while checked", "by the rule itself"])
@pytest.mark.parametrize("restarts", [False, True], ids=["in one process", "in many"])
def test_after_each_edit_the_findings_are_those_of_a_fresh_look(
    *, checked: bool, restarts: bool
) -> None:
    index = Index()
    changed: Sequence[str] = list(FILES)
    seen = set()
    for changes in EDITS:
        index.edit(changes)
        found = index.check([*changed, *changes] if checked else ())
        assert found == fresh(index.files)
        seen.add(tuple(found))
        changed = ()
        if restarts:
            index.remembered = Remembered()
    assert len(seen) > 8


@pytest.mark.parametrize("urgent", [1, 5])
@pytest.mark.parametrize("restarts", [False, True], ids=["in one process", "in many"])
def test_what_is_interrupted_goes_on_where_it_was(*, urgent: int, restarts: bool) -> None:
    index = Index(urgent)
    for changes in EDITS:
        index.edit(changes)
        for path in changes:
            index.extract(path)
        assert index.check(()) == fresh(index.files)
        if restarts:
            index.remembered = Remembered()
    assert index.interrupted > len(EDITS)


def test_an_edit_of_comments_while_a_look_is_interrupted() -> None:
    index = Index()
    index.check(list(FILES))
    index.urgent = 3
    index.edit({"more.py": "import shapes\n\nprint(shapes._square(3), shapes._area)\n"})
    index.extract("more.py")
    for number, path in enumerate([*FILES, "more.py"] * 2):
        with contextlib.suppress(Cancelled):
            run_project([DETECTOR], Stored(index), None, {DETECTOR.id: index.remembered})
        if path.endswith(".py"):
            index.edit({path: index.files[path] + f"# {number}\n"})
            index.extract(path)
    index.urgent = 0
    assert index.check(()) == fresh(index.files)
    index.remembered = Remembered()
    assert index.check(()) == fresh(index.files)


@pytest.mark.parametrize("restarts", [False, True], ids=["in one process", "in many"])
def test_what_workers_keep_serves_as_well(*, restarts: bool) -> None:
    index = Index()
    changed: Sequence[str] = list(FILES)
    for changes in EDITS:
        index.edit(changes)
        for path in [*changed, *changes]:
            index.extract(path, alone=True)
        assert index.check(()) == fresh(index.files)
        changed = ()
        if restarts:
            index.remembered = Remembered()


def test_an_edit_of_comments_has_nothing_read_again() -> None:
    index = Index()
    index.check(list(FILES))
    for number, path in enumerate(FILES):
        if path.endswith(".py"):
            index.edit({path: f"# {number}\n\n" + FILES[path] + "\n# looked at\n"})
    changed = [path for path in FILES if path.endswith(".py")]
    told = {line.partition(":")[0] for line in index.check(changed)}
    assert set(index.read) <= {"main.py", *told}  # says whether this is a program


def test_an_edit_reads_the_file_alone_where_it_changes_nothing_for_others() -> None:
    index = Index()
    index.check(list(FILES))
    index.edit({"main.py": FILES["main.py"] + "\n\nprint(run())\n"})
    index.check(["main.py"])
    assert set(index.read) <= {"main.py"}


def test_a_new_process_reads_nothing_that_is_kept() -> None:
    index = Index()
    first = index.check(list(FILES))
    index.remembered = Remembered()
    again = index.check(())
    assert again == first
    manifests = {"main.py"}  # says whether this is a program
    assert set(index.read) <= manifests | {line.partition(":")[0] for line in first}


def test_what_cannot_be_read_is_made_again() -> None:
    index = Index()
    first = index.check(list(FILES))
    index.extracts = dict.fromkeys(index.extracts, b"\xff")
    index.remembered = Remembered()
    assert index.check(()) == first
