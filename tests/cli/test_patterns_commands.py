"""Patterns on the command line: learned, written, listed, tested, looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.conftest import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEFORE = "def load(name):\n    return open(name.path).read()\n"
AFTER = "def load(name):\n    return open(name.path, encoding='utf-8').read()\n"
LEARNED = ".codearch/patterns/learned.toml"


def test_from_fixes_to_findings(codearch: Callable, tmp_path: Path) -> None:
    names = ("orders", "stores", "prices", "places")
    for name in names:
        (tmp_path / f"{name}.py").write_text(BEFORE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    for name in names[:-1]:
        (tmp_path / f"{name}.py").write_text(AFTER)
        git(tmp_path, "commit", "-qam", f"Fix texts of {name}")

    printed = codearch("patterns", "learn", "--root", tmp_path)
    assert printed.code == 0
    assert 'find = "open(name.path)"' in printed.out
    assert not (tmp_path / LEARNED).exists()
    one = codearch("patterns", "learn", "--commit", "HEAD", "--root", tmp_path)
    assert "fixes = 1" in one.out

    written = codearch("patterns", "learn", "--write", "--root", tmp_path)
    assert "1 new" in written.err
    assert codearch("patterns", "test", "--root", tmp_path).code == 0
    assert codearch("patterns", "list", "--root", tmp_path).out.startswith("off learned-")
    assert codearch("check", "--rule", "bug-pattern", "--root", tmp_path).out == "No findings.\n"

    text = (tmp_path / LEARNED).read_text().replace("accepted = false", "accepted = true")
    (tmp_path / LEARNED).write_text(text)
    assert codearch("patterns", "list", "--root", tmp_path).out.startswith("on  learned-")


def test_a_pattern_that_fails_its_own_tests(codearch: Callable, tmp_path: Path) -> None:
    folder = tmp_path / ".codearch" / "patterns"
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text(
        '[[pattern]]\nid = "a"\nlanguages = ["python"]\nfind = "a($X)"\nmatches = ["b(1)"]\n'
    )
    ran = codearch("patterns", "test", "--root", tmp_path)
    assert ran.code == 1
    assert ran.out == ".codearch/patterns/ours.toml:1: pattern a: It does not match `b(1)`.\n"
