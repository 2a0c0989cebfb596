"""What is known of clones hangs on functions: an edit costs what its own function costs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from test_clones import FUNCTION, TWICE, Counted, Process

from codearch.detectors import Remembered, run_project
from codearch.detectors._clones.kept import made_of, parts_in, prints_of
from codearch.detectors._clones.parts import Parts, shared
from codearch.detectors.clone import DETECTOR
from codearch.languages import by_name
from codearch.parse import parse

DEFINITION = re.compile(r"^(?=(?:    )?(?:async )?def )", re.MULTILINE)
NAME = re.compile(r"\b[a-z_]{3,}\b")
OTHER = """
def send_{name}(rows, target, limit):
    sent = 0
    for number, row in enumerate(rows):
        if number >= limit or not row.ready:
            target.note(number, row.name)
            continue
        target.write(row.head, row.body)
        sent += len(row.body)
    target.close()
    return sent
"""


def parts_of(text: str) -> Parts:
    made = made_of(text.encode(), parse(text.encode(), by_name("python")), "ab" * 32)
    return parts_in(made, prints_of(made))


def test_parts_end_with_functions_and_short_ones_go_with_the_next() -> None:
    short = "def short():\n    return 1\n"
    text = f"x = 1\n{FUNCTION.format(name='a')}\n{short}\n{OTHER.format(name='a')}\ny = 2\n"
    parts = parts_of(text)
    assert parts.rows.tolist() == [0, 11, 23, 24]
    assert parts.tokens.tolist()[-1] - parts.tokens.tolist()[-2] == 3


def test_only_what_an_edit_touches_is_another_part() -> None:
    texts = [FUNCTION.format(name="a"), OTHER.format(name="a"), FUNCTION.format(name="b")]
    before = parts_of("".join(texts)).digests.tolist()
    texts[1] = texts[1].replace("sent = 0", "sent = first(0)")
    after = parts_of("# note\n\n" + "".join(texts)).digests.tolist()
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]


def test_files_share_the_parts_that_hold_the_same() -> None:
    one = parts_of(FUNCTION.format(name="a") + OTHER.format(name="a"))
    other = parts_of("z = 0\n" + OTHER.format(name="b"))
    mine, theirs = shared(one, other)
    assert (mine.stretches(), theirs.stretches()) == (
        ([int(one.tokens[1])], [int(one.tokens[2])]),
        ([0], [int(other.tokens[1])]),
    )
    assert mine.outward(mine.inward(one.rows[1:2] + 3)).tolist() == [int(one.rows[1]) + 3]


def test_an_edit_has_only_those_files_read_that_share_its_function() -> None:
    texts = {name: FUNCTION.format(name=name) for name in ("one", "two")}
    files = {
        "all.py": texts["one"] + OTHER.format(name="one") + "\n\ndef third(a):\n    return a\n",
        "first.py": texts["two"],
        "second.py": OTHER.format(name="two"),
    }
    process = Process()
    assert len(process.look(files)) == 2
    for old, new, read in (
        ("return a\n", "return a + 1\n", {"all.py"}),
        ("sent = 0", "sent = first(0)", {"all.py", "second.py"}),
        ("def third", "def fourth", {"all.py"}),
        ("key = path.lower()", "key = path.upper(1)", {"all.py", "first.py"}),
    ):
        files["all.py"] = files["all.py"].replace(old, new)
        process = Process(process.kept)
        found = process.look(files)
        assert process.read == read
        assert found == Process().look(files)


class Editing:
    """Random edits of functions: moved, renamed, added, removed, changed, in and across files."""

    def __init__(self, files: dict[str, str], rng: random.Random) -> None:
        self.files, self.rng = files, rng
        self._edits: tuple[Callable[[list[str], int], None], ...] = (
            self._move, self._copy, self._remove, self._rename, self._insert, self._cut,
        )  # fmt: skip

    def edit(self) -> None:
        """Change one file."""
        rng, files = self.rng, self.files
        path = rng.choice(sorted(files))
        match rng.randrange(12):
            case 0:
                files[f"{rng.choice('abz')}/{rng.randrange(9)}.py"] = files[path]
            case 1 if len(files) > 4:
                files[f"{rng.choice('abz')}/{rng.randrange(9)}.py"] = files.pop(path)
            case 2 if len(files) > 4:
                del files[path]
            case _:
                parts = DEFINITION.split(files[path])
                rng.choice(self._edits)(parts, rng.randrange(len(parts)))
                files[path] = "".join(parts) or "\n"

    def _any(self) -> list[str]:
        return DEFINITION.split(self.files[self.rng.choice(sorted(self.files))])

    def _move(self, parts: list[str], at: int) -> None:
        parts.insert(self.rng.randrange(len(parts)), parts.pop(at))

    def _copy(self, parts: list[str], at: int) -> None:
        others = self._any()
        first = self.rng.randrange(len(others))
        parts[at:at] = others[first : first + self.rng.randrange(1, 5)]

    def _remove(self, parts: list[str], at: int) -> None:
        del parts[at]

    def _rename(self, parts: list[str], at: int) -> None:
        names = NAME.findall(parts[at]) or ["none"]
        name = self.rng.choice(names)
        parts[at] = re.sub(rf"\b{name}\b", f"{name}_x", parts[at])

    def _insert(self, parts: list[str], at: int) -> None:
        lines = parts[at].splitlines(keepends=True)
        new = ("        x = (\n", ")\n", "        y = 1\n", "\n", "# why\n", "import os\n", '"""\n')
        lines.insert(self.rng.randrange(len(lines) + 1), self.rng.choice(new))
        parts[at] = "".join(lines)

    def _cut(self, parts: list[str], at: int) -> None:
        lines = parts[at].splitlines(keepends=True)
        first = self.rng.randrange(len(lines) + 1)
        del lines[first : first + self.rng.randrange(1, 4)]
        parts[at] = "".join(lines)


def test_edits_of_functions_lead_to_what_is_found_afresh() -> None:
    rng = random.Random(11)
    library = Path(json.__file__).parents[1]
    paths = [*sorted(library.glob("json/*.py")), *sorted(library.glob("wsgiref/[h-v]*.py"))]
    editing = Editing({path.name: path.read_text() for path in paths[1:]}, rng)
    process = Process()
    process.look(editing.files)
    for step in range(18):
        for _ in range(rng.choice((1, 1, 3))):
            editing.edit()
        if step % 6 == 5:
            process = Process(process.kept)
        assert process.look(editing.files) == Process().look(editing.files)


def test_edits_of_functions_tell_what_is_found_afresh() -> None:
    rng = random.Random(12)
    texts = [TWICE, FUNCTION, OTHER, FUNCTION + OTHER]
    editing = Editing({f"{n}.py": each.format(name=n) for n, each in enumerate(texts * 2)}, rng)
    remembered = {"clone": Remembered()}
    for _ in range(60):
        found = run_project([DETECTOR], Counted(editing.files), None, remembered)
        assert found == run_project([DETECTOR], Counted(editing.files))
        editing.edit()
