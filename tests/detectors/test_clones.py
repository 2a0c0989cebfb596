"""What clones rest on: tokens, prints, alignments, families, and what an edit costs."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import random
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import pytest
from memory_project import MemoryProject

from codearch.detectors import FileView, Remembered, run_project
from codearch.detectors._clones import kept, mending
from codearch.detectors._clones.families import Family, Pair, Place, families
from codearch.detectors._clones.finding import Known, Least, look
from codearch.detectors._clones.kept import Kept, extract, made_of, unpack
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.prints import GRAM, WINDOW, grams
from codearch.detectors._clones.sequences import common
from codearch.detectors._clones.telling import Text
from codearch.detectors._clones.tokens import NAME, VALUE, Tokens, tokens_of
from codearch.detectors._detector import ProjectView
from codearch.detectors.clone import DETECTOR
from codearch.errors import Cancelled
from codearch.facts import File, FileFacts
from codearch.languages import by_name
from codearch.parse import parse
from codearch.settings import RuleSettings

LEAST = Least(6, 50)
SOURCES = {
    "python": '"""Doc."""\nimport os\n\n# note\ndef go(a):\n    """Doc."""\n    return a + "b"\n',
    "javascript": "import a from 'b'\n\n// note\n\nfunction go (a) {\n\n  return a + 'b'\n}\n",
    "typescript": "import a from 'b'\n\n/* x\n*/\nfunction go (a) {\n\n  return a + `b`\n}\n",
    "java": 'package x;\nimport a.B;\n\n// note\nint go(int a) {\n\n  return a + "b";\n}\n',
    "go": 'package x\n\nimport "os"\n\nfunc go(a int) int {\n\n\treturn a + "b"\n}\n',
    "rust": '//! doc\nuse a::b;\n#[test]\n\nfn go(a: &\'a str) {\n\n    a + "b"\n}\n',
    "c": '#include <a.h>\n#define A \\\n  1\n/* x */\nint go(int a) {\n\n  return a + "b";\n}\n',
    "cpp": '#include <a.h>\nusing namespace a;\n\n// x\nint go(int a) {\n\n  return a + "b";\n}\n',
    "csharp": 'using A.B;\nnamespace X;\n\n// x\nint Go(int a) {\n\n  return a + "b";\n}\n',
}


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_imports_and_comments_are_no_tokens_and_lines_are_counted_through_them(
    language: str,
) -> None:
    tokens = tokens_of(SOURCES[language].encode(), language)
    assert tokens.lines[0] == 4
    assert tokens.forms.tolist().count(VALUE) == 1
    assert tokens.lines[tokens.forms == VALUE].tolist() == [6]
    assert NAME in tokens.forms


def test_files_that_share_a_stretch_share_a_print() -> None:
    rng = np.random.default_rng(1)
    size = GRAM + WINDOW - 1
    for _ in range(50):
        first, second = rng.integers(16, 60, (2, 400), dtype=np.uint32)
        a, b = rng.integers(0, 400 - size, 2)
        second[b : b + size] = first[a : a + size]
        prints = []
        for forms in (first, second):
            hashes = grams(Tokens(forms, forms, np.zeros(400, np.int32)))
            prints.append(set(hashes.hashes[hashes.chosen()].tolist()))
        assert prints[0] & prints[1]


def test_prints_are_few() -> None:
    forms = np.random.default_rng(2).integers(16, 60, 10_000, dtype=np.uint32)
    hashes = grams(Tokens(forms, forms, np.zeros(10_000, np.int32)))
    assert len(hashes.chosen()) < 2.5 * 10_000 / WINDOW


def test_the_longest_common_subsequence_is_the_longest() -> None:
    rng = random.Random(3)
    for _ in range(100):
        first = rng.choices("abcd", k=rng.randrange(12))
        second = rng.choices("abcd", k=rng.randrange(12))
        assert common(first, second) == _slowly(first, second)


def _slowly(first: list[str], second: list[str]) -> int:
    if not first or not second:
        return 0
    if first[0] == second[0]:
        return 1 + _slowly(first[1:], second[1:])
    return max(_slowly(first[1:], second), _slowly(first, second[1:]))


def test_pairs_become_one_family_and_what_lies_inside_a_larger_one_is_none() -> None:
    a, b, c = (Place(f"{name}.py", 0, 19) for name in "abc")
    inner_a, inner_b = Place("a.py", 5, 12), Place("b.py", 5, 12)
    found = families(
        [Pair(a, b, 1, 200), Pair(b, c, 2, 200), Pair(inner_a, inner_b, 1, 80)],
    )
    assert [family.places for family in found] == [(a, b, c)]
    assert found[0].type == 2


def test_a_part_that_also_stands_elsewhere_is_a_family_with_one_known_place() -> None:
    a, b = Place("a.py", 0, 19), Place("b.py", 0, 19)
    inner, other = Place("a.py", 5, 12), Place("d.py", 30, 37)
    found = families([Pair(a, b, 1, 200), Pair(inner, other, 1, 80)])
    assert [(family.places, family.known) for family in found] == [
        ((a, b), ()),
        ((other,), (inner,)),
    ]


FUNCTION = """
def load_{name}(path, cache):
    key = path.lower()
    if key in cache:
        return cache[key]
    with open(path) as file:
        rows = [row.strip() for row in file if row.strip()]
    if not rows:
        raise ValueError(path)
    cache[key] = dict(row.split("=", 1) for row in rows)
    return cache[key]
"""


class Counted(MemoryProject):
    """Notes which sources are read, and keeps extracts as the index does."""

    def __init__(self, files: Mapping[str, str], kept: Mapping[str, bytes] | None = None) -> None:
        super().__init__(files)
        self.read: list[str] = []
        self._kept = kept or {}

    def file(self, path: str) -> File | None:
        found = super().file(path)
        digest = hashlib.sha256(self.source(path)).hexdigest() if found else ""
        return found and msgspec.structs.replace(found, digest=digest)

    def facts(self, path: str) -> FileFacts:
        self.read.append(path)
        return super().facts(path)

    def extracts(self, rule: str, /) -> Mapping[str, bytes]:
        return self._kept

    def extract(self, rule: str, path: str, /) -> bytes:
        return self._kept.get(path, b"")


class Process:
    """A process that looks at a workspace again and again; the next one begins with what is kept."""

    def __init__(self, kept: Mapping[str, bytes] | None = None) -> None:
        self.known = Known(LEAST)
        self.kept = dict(kept or {})
        self.read: set[str] = set()

    def look(self, files: Mapping[str, str]) -> list[Family]:
        project = Counted(files, self.kept)
        view = ProjectView(project)
        found = list(self.known.placed(look(view, self.known)))
        self.kept |= view.kept
        self.read = set(project.read)
        return found


def workspace() -> dict[str, str]:
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two")}
    return files | {f"x{n}.py": f"def f{n}(a):\n    return a.b{n}(1)\n" for n in range(20)}


def test_an_edit_has_only_what_it_touches_read_again() -> None:
    files, process = workspace(), Process()
    first = process.look(files)
    assert [[place.path for place in family.places] for family in first] == [["one.py", "two.py"]]
    files["x3.py"] = FUNCTION.format(name="three")
    assert [len(family.places) for family in process.look(files)] == [3]
    assert process.read == {"x3.py"}
    assert [len(family.places) for family in process.look(files)] == [3]
    assert process.read == set()


def test_another_process_reads_nothing_that_has_not_changed() -> None:
    files, first = workspace(), Process()
    found = first.look(files)
    second = Process(first.kept)
    assert second.look(files) == found
    assert second.read == set()
    third = Process(second.kept)
    assert third.look(files | {"one.py": FUNCTION.format(name="four")}) == found
    assert third.read == {"one.py", "two.py"}


def test_edits_lead_to_what_is_found_afresh() -> None:
    rng = random.Random(4)
    files, process = workspace(), Process()
    process.look(files)
    for step in range(40):
        path = f"{rng.choice('abcd')}/{rng.randrange(4)}.py"
        if path in files and rng.random() < 0.4:
            del files[path]
        else:
            body = "\n".join(
                FUNCTION.format(name=f"n{rng.randrange(3)}") for _ in range(rng.randrange(3))
            )
            files[path] = f"x = {step}\n" + "\n" * rng.randrange(3) + body
        if step % 10 == 9:
            process = Process(process.kept)
        assert process.look(files) == Process().look(files)


def test_comments_and_moves_have_nothing_compared_again() -> None:
    files, process = workspace(), Process()
    found = process.look(files)
    for path in ("one.py", "two.py"):
        files[path] = "# note\n\n" + files[path].replace("    if", "    # why\n    if", 1)
    moved = process.look(files)
    assert process.read == {"one.py", "two.py"}
    assert [[tuple(place)[1:] for place in family.places] for family in (*found, *moved)] == [
        [(1, 10), (1, 10)],
        [(3, 13), (3, 13)],
    ]
    files["deep/one.py"], files["deep/two.py"] = files.pop("one.py"), files.pop("two.py")
    process.look(files)
    assert process.read == {"deep/one.py", "deep/two.py"}
    process = Process(process.kept)
    assert [each.path for each in process.look(files)[0].places] == ["deep/one.py", "deep/two.py"]
    assert process.read == set()


def test_what_was_found_is_kept_with_the_next_text() -> None:
    files, process = workspace(), Process()
    process.look(files)

    def made(text: str) -> Kept:
        project = Counted({"one.py": text}, process.kept)
        view = FileView(
            "one.py", project.facts("one.py"), project.source("one.py"), project=project
        )
        found = unpack(extract(view))
        assert found is not None
        return found

    assert made(f"# note\n{files['one.py']}").clones
    assert made(f"x = 1\n{files['one.py']}").clones


SLASHED = ("// it's {n}", '/* a "\n * {n}\n */')
COMMENTS = {  # beside code, and alone
    "python": ("# why (it's {n}", '# """ {n}'),
    "rust": ("// it's {n}", "/* a /* {n} */\n ' */"),
    **dict.fromkeys(("java", "c", "cpp", "csharp"), SLASHED),
    **dict.fromkeys(("javascript", "typescript", "go"), ("// it's `{n}", "/* ' {n}\n\n*/")),
}


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_what_is_kept_after_an_edit_of_comments_is_what_is_made_anew(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SOURCES[language].replace("\\\n", "").replace("/* x\n*/\n", "")
    code = [row for row in text.splitlines() if row.strip()]
    digest = "ab" * 32
    before = None
    for step in range(4):
        beside, alone = (each.format(n="note " * step) for each in COMMENTS[language])
        row = f"{code[step]} {beside}" if code[step][0] != "#" else code[step]
        rows = [*code[:step], row, *code[step + 1 :]]
        rows[step % len(rows) : 0] = [alone, "", "  " + beside][: step % 4]
        text = "\n".join(rows).encode() + b"\n"
        facts = parse(text, by_name(language))
        made = made_of(text, facts, digest)
        assert made.rows.rstrip(b"\0")
        if before is not None:
            with monkeypatch.context() as patch:
                patch.setattr(kept, "tokens_of", None)
                assert made_of(text, facts, digest, before) == made
        before = made


def test_a_blank_line_after_one_that_goes_on_ends_it() -> None:
    texts = [f"#define A \\\n{end}int go(int a) {{ return a; }}\n" for end in ("\n", "")]
    codes = [made_of(each, parse(each, by_name("c")), "ab").code for each in map(str.encode, texts)]
    assert codes[0] != codes[1]


def test_comments_in_real_sources_change_only_where_lines_are() -> None:
    rng = random.Random(5)
    library = Path(json.__file__).parents[1]
    for file in sorted(library.glob("[c-h]*.py"))[::4]:
        lines = file.read_bytes().splitlines(keepends=True)
        before = None
        for step in range(3):
            at = rng.randrange(len(lines) + 1)
            lines[at:at] = [b"# %d isn't\n" % step, b"\n"][: rng.randrange(3)]
            text = b"".join(lines)
            facts = parse(text, by_name("python"))
            made = made_of(text, facts, "ab" * 32)
            assert made_of(text, facts, "ab" * 32, before) == made
            before = made


def test_edits_of_real_sources_lead_to_what_is_found_afresh() -> None:
    rng = random.Random(7)
    library = Path(json.__file__).parents[1]
    files = {path.name: path.read_text() for path in sorted(library.glob("encodings/u*.py"))}
    process = Process()
    assert len(process.look(files)) > 2
    for step in range(12):
        path = rng.choice(sorted(files))
        lines = files[path].splitlines(keepends=True)
        at = rng.randrange(len(lines) + 1)
        match rng.randrange(6):
            case 0 | 1:
                lines.insert(at, rng.choice(["\n", f"# {step}\n", f"value = {step}\n"]))
            case 2:
                del lines[at : at + rng.randrange(8)]
            case 3:
                other = files[rng.choice(sorted(files))].splitlines(keepends=True)
                lines[at:at] = other[rng.randrange(len(other)) :][:30]
            case 4:
                files[f"copies/{step}.py"] = files[path]
            case 5:
                files[f"{rng.choice('abz')}/{path}"] = files.pop(path)
        if path in files:
            files[path] = "".join(lines) or "\n"
        if step % 5 == 4:
            process = Process(process.kept)
        assert process.look(files) == Process().look(files)


def test_what_two_files_share_does_not_hang_on_what_they_are_called() -> None:
    rng = random.Random(5)
    text = (Path(json.__file__).parent / "encoder.py").read_text()
    other = {"one.py": "two.py", "two.py": "one.py"}
    for _ in range(12):
        lines = text.splitlines(keepends=True)
        for at in (rng.randrange(len(lines)) for _ in range(3)):
            lines[at] = rng.choice(("", lines[at] * 2, "pass\n", lines[at].replace("(", "(a, ", 1)))
        files = {"one.py": text, "two.py": "".join(lines)}
        process = Process()
        found = {_named(family, other) for family in process.look(files)}
        renamed = {other[path]: each for path, each in files.items()}
        for looked in (process, Process()):
            assert {_named(family, {}) for family in looked.look(renamed)} == found


def _named(family: Family, names: Mapping[str, str]) -> frozenset[tuple[str, int, int]]:
    return frozenset((names.get(path, path), line, end) for path, line, end in family.places)


def test_what_is_interrupted_goes_on_where_it_was() -> None:
    files = {f"{n}.py": FUNCTION.format(name=f"f{n}") for n in range(6)}
    process = Process()
    steps = itertools.count()

    class Interrupted(Counted):
        def check_cancelled(self) -> None:
            if next(steps) % 3 == 2:
                raise Cancelled("")

    kept: dict[str, bytes] = {}
    for _ in range(100):
        with contextlib.suppress(Cancelled):
            found = look(ProjectView(Interrupted(files, kept), kept=kept), process.known)
            break
    assert list(process.known.placed(found)) == Process().look(files)


@pytest.mark.parametrize("kinds", [3, 400])
def test_a_file_that_repeats_itself_takes_no_square_of_time(kinds: int) -> None:
    rows = [f"    if a.b{n % kinds}(c): return d.e(f, g{n})" for n in range(3000)]
    source = "def go(a, c, d, f):\n" + "\n".join(rows) + "\n"
    Process().look({"a.py": source, "b.py": source})


def test_findings_of_what_has_not_changed_are_taken_as_they_were() -> None:
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two")}
    rule, settings = [DETECTOR], {"clone": RuleSettings(severity=5)}
    completed = {"clone": Remembered()}
    first = run_project(rule, Counted(files), None, completed)
    project = Counted(files)
    project.read.clear()
    assert run_project(rule, project, None, completed) == first
    assert "one.py" not in project.read
    assert [each.severity for each in run_project(rule, project, settings, completed)] == [5]
    marked = files | {"one.py": "# codearch: ignore[clone] known\n" + files["one.py"].lstrip()}
    assert run_project(rule, Counted(marked), None, completed) == []


TWICE = """
def first_{name}(rows, seen):
    found = []
    for row in rows:
        if row in seen:
            continue
        seen.add(row)
        found.append(row.strip().lower())
    print(len(found), "of", len(rows), "are new")
    return found


def second_{name}(rows, seen):
    found = []
    for row in rows:
        if row in seen:
            continue
        seen.add(row)
        found.append(row.strip().lower())
    print(len(found), "of", len(rows), "are new")
    return found + ["{name}"]
"""
REMARKS = ("# note\n", "    # isn't it?\n", "\n", "# codearch: ignore[clone] known\n")


def test_edits_of_comments_tell_what_is_found_afresh() -> None:
    rng = random.Random(3)
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two", "three")}
    files["four.py"] = TWICE.format(name="four")
    rule, remembered = [DETECTOR], {"clone": Remembered()}
    found = run_project(rule, Counted(files), None, remembered)
    assert any(each.fix for each in found)
    for _ in range(60):
        for path in rng.sample(sorted(files), rng.randrange(1, 4)):
            lines = files[path].splitlines(keepends=True)
            notes = [at for at, line in enumerate(lines) if line in REMARKS]
            if notes and rng.random() < 0.4:
                del lines[rng.choice(notes)]
            else:
                lines.insert(rng.randrange(len(lines) + 1), rng.choice(REMARKS))
            files[path] = "".join(lines)
        found = run_project(rule, Counted(files), None, remembered)
        assert found == run_project(rule, Counted(files))


def test_edits_of_comments_have_no_texts_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two", "three")}
    remembered = {"clone": Remembered()}
    run_project([DETECTOR], Counted(files), None, remembered)
    monkeypatch.setattr(Text, "against", None)
    files["two.py"] = "# note\n" + files["two.py"]
    project = Counted(files)
    (found,) = run_project([DETECTOR], project, None, remembered)
    assert [(each.path, each.line) for each in found.related] == [("three.py", 1), ("two.py", 2)]


def test_a_fix_moves_with_what_it_hangs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.py": f"x = 1\n{TWICE.format(name='a')}\n\ny = 1\n"}
    remembered = {"clone": Remembered()}
    (before,) = run_project([DETECTOR], Counted(files), None, remembered)
    assert before.fix
    files["a.py"] = "# note\n" + files["a.py"] + "\n# note\n"
    monkeypatch.setattr(mending, "extraction", None)
    (found,) = run_project([DETECTOR], Counted(files), None, remembered)
    monkeypatch.undo()
    assert found.fix
    assert [each.span.line for each in found.fix.edits] == [
        each.span.line + 1 for each in before.fix.edits
    ]
    assert [found] == run_project([DETECTOR], Counted(files))
    files["a.py"] += "# _part_of_first_a\n"
    (found,) = run_project([DETECTOR], Counted(files), None, remembered)
    assert [found] == run_project([DETECTOR], Counted(files))
    assert found.fix
    assert found.fix.title.endswith("`_part_of_first_a_2`")


@pytest.mark.parametrize("comment", ["// its", "// it's"])
def test_a_file_is_compared_as_the_parser_has_its_comments(comment: str) -> None:
    text = f"function go(a, b) {{\n  return /'/.test(a) {comment}\n    && b.go()\n}}\n"
    project = Counted({"a.js": text})
    code = made_of(text.encode(), project.facts("a.js"), "ab" * 32).code
    assert kept.code_of(kept.read(project, "a.js", code)) == code
