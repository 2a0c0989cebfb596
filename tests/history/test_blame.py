"""Who wrote a line, when and why, and what of it is not committed yet."""

from __future__ import annotations

import pytest

from codearch.facts import Span
from codearch.history import Blame, blame, symbol_history

YEAR = 365 * 24 * 3600
START = 1_600_000_000

FIRST = """\
def area(width, height):
    return width * height


def volume(width, height, depth):
    return area(width, height) * depth
"""
SECOND = FIRST.replace("return width * height", "return abs(width * height)")


@pytest.fixture
def shapes(repository):
    """A file that two people wrote."""
    repository.write("src/shapes.py", FIRST)
    repository.commit("Compute areas", author="Ada", time=START)
    repository.write("src/shapes.py", SECOND)
    repository.commit("Refuse negative areas: they broke the plan", author="Bob", time=START + YEAR)
    return repository


def subjects(found, content):
    return [commit.subject if commit else None for commit in found.align(content.encode())]


def test_each_line_has_its_commit(shapes):
    lines = blame(shapes.root, "src/shapes.py").align(SECOND.encode())
    assert len(lines) == 7  # six lines, and the empty one after the last line end
    assert [commit.author for commit in lines[:6] if commit] == ["Ada", "Bob"] + ["Ada"] * 4
    assert lines[1] is not None
    assert lines[1].time == START + YEAR
    assert lines[1].subject == "Refuse negative areas: they broke the plan"
    assert lines[1].hash == shapes.git("rev-parse", "HEAD").strip()


def test_lines_that_are_not_committed_are_told_apart(shapes):
    changed = SECOND.replace("* depth", "* max(depth, 0)") + "\n\nUNIT = 'm'\n"
    shapes.write("src/shapes.py", changed)
    found = blame(shapes.root, "src/shapes.py")
    assert subjects(found, changed)[4:] == ["Compute areas", None, None, None, None, None]


def test_unsaved_text_needs_no_other_blame(shapes):
    found = blame(shapes.root, "src/shapes.py")
    moved = "import math\n\n\n" + SECOND
    aligned = subjects(found, moved)
    assert aligned[:3] == [None, None, None]
    assert aligned[3:5] == ["Compute areas", "Refuse negative areas: they broke the plan"]
    assert subjects(found, "") == [None]
    assert subjects(found, "nothing alike\n") == [None, None]


def test_white_space_and_line_ends_do_not_count(shapes):
    shapes.write("src/shapes.py", SECOND.replace("    return", "\treturn").replace("\n", "\r\n"))
    shapes.commit("Indent by tabs", author="Eve", time=START + 2 * YEAR)
    found = blame(shapes.root, "src/shapes.py")
    assert subjects(found, SECOND)[1] == "Refuse negative areas: they broke the plan"
    assert "Eve" not in {commit.author for commit in found.commits}


def test_moved_block_keeps_its_author(shapes):
    wall = "def wall(width, height, doors):\n    openings = sum(map(door_area, doors))\n"
    roof = "def roof(width, depth, overhang):\n    return (width + overhang) * (depth + overhang)\n"
    shapes.write("house.py", wall + roof + SECOND)
    shapes.commit("Build houses", author="Ada", time=START)
    shapes.write("house.py", SECOND + roof + wall)
    shapes.commit("Sort functions", author="Eve", time=START + 2 * YEAR)
    found = blame(shapes.root, "house.py")
    assert {commit.author for commit in found.commits} == {"Ada"}


def test_names_follow_the_mailmap(shapes):
    shapes.write(".mailmap", "Robert Builder <robert@example.org> <bob@example.org>\n")
    found = blame(shapes.root, "src/shapes.py")
    assert {commit.author for commit in found.commits} == {"Ada", "Robert Builder"}


def test_commits_listed_as_mass_changes_are_passed_over(shapes):
    shapes.write("src/shapes.py", SECOND.replace("'", '"').replace("depth", "height_2"))
    mass = shapes.commit("Rename everywhere", author="Bot", time=START + 2 * YEAR)
    shapes.write(".git-blame-ignore-revs", f"# formatting\n{mass}\n\n")
    found = blame(shapes.root, "src/shapes.py")
    assert "Bot" not in {commit.author for commit in found.commits}


@pytest.mark.parametrize("listed", ["nonsense\n", "0" * 40 + "\n", "abc123\n", ""])
def test_broken_list_of_mass_changes_is_no_obstacle(shapes, listed):
    shapes.write(".git-blame-ignore-revs", listed)
    assert len(blame(shapes.root, "src/shapes.py").lines) == 6


def test_settings_of_the_repository_that_name_a_missing_list_are_no_obstacle(shapes):
    shapes.git("config", "blame.ignoreRevsFile", "missing-list")
    assert len(blame(shapes.root, "src/shapes.py").lines) == 6


def test_file_that_is_not_committed(shapes):
    shapes.write("new.py", "x = 1\n")
    assert blame(shapes.root, "new.py") == Blame()
    assert subjects(blame(shapes.root, "new.py"), "x = 1\n") == [None, None]


def test_before_the_first_commit(repository):
    repository.write("a.py", "x = 1\n")
    assert blame(repository.root, "a.py") == Blame()


def test_path_from_a_root_inside_the_repository(shapes):
    assert len(blame(shapes.root / "src", "shapes.py").lines) == 6


@pytest.mark.parametrize("name", ["a b.py", "-x.py", ":(top)a.py", "*.py", "ü.py", "tab\t.py"])
def test_unusual_file_names(repository, name):
    repository.write(name, "x = 1\n")
    repository.write("other.py", "x = 1\ny = 2\n")
    repository.commit("first")
    assert subjects(blame(repository.root, name), "x = 1\n") == ["first", None]


def test_latin1_and_unusual_texts(repository):
    repository.write("a.py", "# größer\nx = 1\r\n\x0c\ny = 2".encode("latin-1"))
    repository.commit("Größer", author="Jörg")
    found = blame(repository.root, "a.py")
    lines = found.align("# größer\nx = 1\n\x0c\ny = 2".encode())
    assert [commit and (commit.author, commit.subject) for commit in lines] == [
        ("Jörg", "Größer")
    ] * 4


def test_empty_file(repository):
    repository.write("empty.py")
    repository.commit("first")
    assert blame(repository.root, "empty.py").lines == ()


def test_large_rewritten_file_is_aligned_in_time(repository):
    old = "".join(f"    value_{i} = compute({i})\n    }}\n\n" for i in range(4000))
    repository.write("a.c", old)
    repository.commit("first")
    found = blame(repository.root, "a.c")
    new = old.replace("7", "8")
    aligned = found.align(new.encode())
    assert sum(commit is not None for commit in aligned) > 8000


def test_history_of_a_symbol(shapes):
    lines = blame(shapes.root, "src/shapes.py").align(SECOND.encode())
    area = symbol_history(lines, Span(0, 0, 0, 0, 1, 30), file_commits=2)
    assert area is not None
    assert area.authors == (("Ada", 1), ("Bob", 1))
    assert (area.last_author, area.last_time) == ("Bob", START + YEAR)
    assert area.last_subject == "Refuse negative areas: they broke the plan"
    assert area.last_commit == shapes.git("rev-parse", "HEAD").strip()
    assert (area.commits, area.file_commits) == (2, 2)
    volume = symbol_history(lines, Span(0, 0, 4, 0, 5, 39))
    assert volume is not None
    assert (volume.author, volume.last_author, volume.commits) == ("Ada", "Ada", 1)


def test_symbol_whose_lines_are_all_new_has_no_history():
    assert symbol_history([None, None], Span(0, 0, 0, 0, 1, 0)) is None
    assert symbol_history([], Span(0, 0, 5, 0, 9, 0)) is None
