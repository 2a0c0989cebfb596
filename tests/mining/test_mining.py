"""Patterns that fixes teach, from commits of a small repository to files of patterns."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from codearch.detectors._patterns import Pattern, Taught, indexed, places, read_patterns
from codearch.errors import CodearchError
from codearch.mining import (
    LEARNED,
    Lessons,
    as_toml,
    faults,
    fixes_of,
    lessons_of,
    proposals,
    read_changes,
    write_learned,
)

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

NAMES = ("orders", "stores", "prices", "places")
BEGUN = 1_700_000_000
DAY = 86_400


def mend(
    repository: Workspace, old: str, new: str, *, ending: str, message: str = "Fix crash in {}"
) -> None:
    """Commit files that all hold some code, then a fix of it in all files but the last."""
    for number, name in enumerate(NAMES):
        repository.write(
            f"{name}{ending}", old.replace("NAME", name).replace("NUMBER", str(number))
        )
    repository.commit("Begin", time=BEGUN)
    for number, name in enumerate(NAMES[:-1], 1):
        text = new.replace("NAME", name).replace("NUMBER", str(number - 1))
        repository.write(f"{name}{ending}", text)
        repository.commit(message.format(name), time=BEGUN + number * DAY)


def taught(repository: Workspace, ending: str) -> list[Pattern]:
    """Return what is proposed, looking in what is there now."""
    files = [(path.name, path.read_bytes()) for path in sorted(repository.root.glob(f"*{ending}"))]
    return proposals(repository.root, files)


@pytest.mark.parametrize(
    ("ending", "old", "new", "find", "replace"),
    [
        (
            ".py",
            "def load(NAME):\n    return open(NAME.path).read() + NUMBER\n",
            "def load(NAME):\n    return open(NAME.path, encoding='utf-8').read() + NUMBER\n",
            "open($A.path)",
            "open($A.path, encoding='utf-8')",
        ),
        (
            ".js",
            "function load (NAME) {\n  if (NAME.total == null) return NUMBER\n  return 1\n}\n",
            "function load (NAME) {\n  if (NAME.total === null) return NUMBER\n  return 1\n}\n",
            "$A.total == null",
            "$A.total === null",
        ),
        (
            ".ts",
            "function load (NAME: Row): number {\n  return parseInt(NAME.text) + NUMBER\n}\n",
            "function load (NAME: Row): number {\n  return parseInt(NAME.text, 10) + NUMBER\n}\n",
            "parseInt($A.text)",
            "parseInt($A.text, 10)",
        ),
        (
            ".java",
            'class A { boolean load(String NAME) { return NAME == "open"; } int n = NUMBER; }\n',
            'class A { boolean load(String NAME) { return "open".equals(NAME); } int n = NUMBER; }\n',
            '$A == "open"',
            '"open".equals($A)',
        ),
        (
            ".go",
            "package a\n\nfunc load(NAME Row) string {\n\treturn trim(NAME.Text, NUMBER)\n}\n",
            "package a\n\nfunc load(NAME Row) string {\n\treturn trim(clean(NAME.Text), NUMBER)\n}\n",
            "trim($A.Text, $B)",
            "trim(clean($A.Text), $B)",
        ),
        (
            ".rs",
            "fn load(NAME: &Row) -> u8 {\n    NAME.first().unwrap() + NUMBER\n}\n",
            "fn load(NAME: &Row) -> u8 {\n    NAME.first().unwrap_or(0) + NUMBER\n}\n",
            "$A.first().unwrap()",
            "$A.first().unwrap_or(0)",
        ),
        (
            ".c",
            "int load(struct row *NAME) {\n    return copy(NAME->text, NUMBER);\n}\n",
            "int load(struct row *NAME) {\n    return copy(NAME->text, NUMBER + 1);\n}\n",
            "copy($A->text, $B)",
            "copy($A->text, $B + 1)",
        ),
        (
            ".cpp",
            "int load(Row &NAME) {\n    return NAME.take(NUMBER);\n}\n",
            "int load(Row &NAME) {\n    return NAME.find(NUMBER);\n}\n",
            "$A.take",
            "$A.find",
        ),
        (
            ".cs",
            "class A { int Load(Row NAME) { return NAME.Task.Result + NUMBER; } }\n",
            "class A { int Load(Row NAME) { return Wait(NAME.Task) + NUMBER; } }\n",
            "$A.Task.Result",
            "Wait($A.Task)",
        ),
    ],
)
def test_what_three_fixes_changed_is_proposed(  # noqa: PLR0917 - a table's columns
    repository: Workspace, ending: str, old: str, new: str, find: str, replace: str
) -> None:
    mend(repository, old, new, ending=ending)
    (pattern,) = taught(repository, ending)
    assert (pattern.find, pattern.replace) == (find, replace)
    assert (pattern.fixes, pattern.confidence, pattern.accepted) == (3, 0.75, False)
    assert pattern.learned_from[-1].subject == "Fix crash in prices"
    assert pattern.learned_from[-1].date == "2023-11-17"
    left = indexed((repository.root / f"places{ending}").read_bytes(), pattern.languages[0])
    assert len(places(pattern, pattern.languages[0], left)) == 1


def test_what_was_missing_beside_is_proposed(repository: Workspace) -> None:
    old = "void load(struct row *NAME) {\n    count(NUMBER);\n    send(NAME);\n}\n"
    mend(repository, old, old.replace("    send", "    lock(NAME);\n    send"), ending=".c")
    (pattern,) = taught(repository, ".c")
    assert (pattern.find, pattern.unless, pattern.replace) == ("send($A);", "lock($A);", None)


@pytest.mark.parametrize(
    "message", ["Add encodings to {}", "Fix typo in {}", "Reformat {}", "Fix tests of {}"]
)
def test_what_mends_nothing_teaches_nothing(repository: Workspace, message: str) -> None:
    old = "def load(NAME):\n    return open(NAME.path).read()\n"
    mend(repository, old, old.replace("path)", "path, 'r')"), ending=".py", message=message)
    assert taught(repository, ".py") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    a(NAME)\n    b(NAME)\n", "    b(NAME)\n    a(NAME)\n"),
        ("    a(NAME)\n", "    # why\n    a(NAME)\n"),
        ("    a(NAME)\n", "    a( NAME )\n"),
        ('    a("NAME is gone")\n', '    a("NAME went")\n'),
    ],
    ids=["moved", "commented", "spaced", "worded"],
)
def test_moved_lines_layout_comments_and_texts_teach_nothing(
    repository: Workspace, old: str, new: str
) -> None:
    head = "def load(NAME):\n"
    mend(repository, head + old, head + new, ending=".py")
    assert taught(repository, ".py") == []


def test_a_habit_is_no_bug(repository: Workspace) -> None:
    old = "def load(NAME):\n    return open(NAME.path).read()\n"
    mend(repository, old, old.replace("path)", "path, 'r')"), ending=".py")
    repository.write("all.py", "".join(old.replace("NAME", n) for n in "abcdefgh"))
    assert taught(repository, ".py") == []


def test_fixes_of_tests_and_of_many_files_are_left_out(repository: Workspace) -> None:
    for number in range(12):
        repository.write(f"m{number}.py", "def f(a):\n    return a\n")
    repository.write("tests/test_a.py", "def f(a):\n    return a\n")
    repository.commit("Begin", time=BEGUN)
    for number in range(12):
        repository.write(f"m{number}.py", "def f(a):\n    return a.b\n")
    repository.commit("Fix all", time=BEGUN + DAY)
    repository.write("tests/test_a.py", "def f(a):\n    return a.b\n")
    repository.commit("Fix crash", time=BEGUN + 2 * DAY)
    assert fixes_of(repository.root) == []


def test_one_fix_teaches_who_asks_for_it(repository: Workspace) -> None:
    repository.write("a.py", "def f(name):\n    text = open(name).read()\n    return text\n")
    repository.commit("Begin", time=BEGUN)
    repository.write("a.py", "def f(name):\n    text = read(name)\n    return text\n")
    repository.commit("Use our own reader", time=BEGUN + DAY)
    assert [(each.find, each.replace) for each in lessons_of(repository.root, "HEAD")] == [
        ("open(name).read()", "read(name)")
    ]


def test_secrets_are_not_learned(repository: Workspace) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    old = f'def load(NAME):\n    return ask(NAME, "{token}")\n'
    mend(repository, old, old.replace("ask(NAME", "ask(NAME.path"), ending=".py")
    lessons = Lessons()
    for fix, changes in read_changes(repository.root, fixes_of(repository.root)):
        lessons.add(fix, changes)
    assert token not in as_toml(lessons.patterns())


# --- the file -----------------------------------------------------------------------------------

LESSON = Pattern(
    id="learned-a",
    languages=("python",),
    find="if $A == 'x':\n    $...B",
    replace='if $A is "x":\n    $...B',
    learned_from=(Taught("abc", "2024-01-01", 'Say "no" to \\ and \t\x01'),),
    accepted=False,
)


def test_what_is_written_is_read_again() -> None:
    assert read_patterns(as_toml([LESSON]).encode()).faults == ()
    (read,) = read_patterns(as_toml([LESSON]).encode()).patterns
    assert read == LESSON


def test_learned_patterns_are_added_and_others_stay_as_people_wrote_them(tmp_path: Path) -> None:
    (tmp_path / LEARNED).parent.mkdir(parents=True)
    mine = "# ours\n" + as_toml([LESSON]).replace("false", "true")
    (tmp_path / LEARNED).write_text(mine)
    other = Pattern(id="learned-b", languages=("go",), find="a($X)")
    assert write_learned(tmp_path, [LESSON, other]) == 1
    text = (tmp_path / LEARNED).read_text()
    assert text.startswith(mine)
    assert [each["id"] for each in tomllib.loads(text)["pattern"]] == ["learned-a", "learned-b"]
    assert write_learned(tmp_path, [LESSON, other]) == 0


def test_a_broken_file_of_patterns_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / LEARNED).parent.mkdir(parents=True)
    (tmp_path / LEARNED).write_text("[[pattern]\n")
    with pytest.raises(CodearchError, match=r"learned\.toml:1"):
        write_learned(tmp_path, [LESSON])
    assert (tmp_path / LEARNED).read_text() == "[[pattern]\n"
    ((path, found),) = faults(tmp_path)
    assert path == LEARNED.as_posix()
    assert [each.line for each in found] == [0]


def test_a_message_may_hold_anything(repository: Workspace) -> None:
    repository.write("a.py", "def f(a):\n    return a\n")
    repository.commit("Begin", time=BEGUN)
    repository.write("a.py", "def f(a):\n    return a.b\n")
    repository.commit("Fix crash\n\n\x01codearch\x01 of what parted commits once", time=BEGUN + DAY)
    assert [each.subject for each in fixes_of(repository.root)] == ["Fix crash"]
