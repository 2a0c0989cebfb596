"""An edit changes what other files' findings say as soon, and exactly as an index made anew would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.indexer import checking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.detectors import FileDetector, FileView
    from codearch.facts import Finding
    from conftest import Workspace
    from indexer.running import Running

NESTED = """\
def deep(rows):
    for row in rows:
        if row:
            while row.left:
                if row.right:
                    with row:
                        if row.down:
                            print(row)


def early(rows):
    if not rows:
        return 1
        print("never")
    return 2
"""
UNUSED = [("alpha.py", "unused-import")]
STAR = "from alpha import *\n"
WHOLE = "import alpha\n\n\ndef where():\n    return alpha.sys.path\n"


def findings(indexer: Running) -> list[tuple[str, str]]:
    indexer.ask("flush")
    with indexer.snapshot() as snapshot:
        return [(one.path, one.rule) for one in snapshot.findings(rule="unused-import")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STAR + "\nprint(sorted([]))\n", STAR + "\nprint(os.sep)\n"),
        (WHOLE, WHOLE.replace("alpha.sys.path", "alpha.os.sep")),  # a member is no name of its own
        (WHOLE, WHOLE + "\n\nHELP = 'alpha.os'\n"),  # a string may be looked up
        ("print(1)\n", "from alpha import os\nprint(os)\n"),
    ],
)
def test_a_use_elsewhere_comes_and_goes(
    workspace: Workspace, indexer: Running, before: str, after: str
) -> None:
    workspace.write("alpha.py", "import os\n")
    workspace.write("beta.py", before)
    indexer.hello()
    indexer.index()
    assert findings(indexer) == UNUSED
    workspace.write("beta.py", after)
    assert findings(indexer) == []
    workspace.write("beta.py", before)
    assert findings(indexer) == UNUSED


def test_rules_look_again_only_where_they_sought_what_an_importer_says(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: set[str] = set()

    def run_file(rules: Sequence[FileDetector], view: FileView, settings: Any) -> list[Finding]:
        looked.add(view.path)
        return checking_run_file(rules, view, settings)

    checking_run_file = checking.run_file
    monkeypatch.setattr(checking, "run_file", run_file)
    workspace.write("alpha.py", "import os\n")
    workspace.write("gamma.py", "def total(rows):\n    return len(rows)\n")
    workspace.write("beta.py", "import alpha\nimport gamma\n")
    indexer.hello()
    indexer.index()
    for text, seen in (
        ("def extent(rows):\n    return gamma.total(rows)\n", {"beta.py"}),
        ("SEPARATOR = alpha.os.sep\n", {"beta.py", "alpha.py"}),
        ("SEPARATOR = ';'\n", {"beta.py", "alpha.py"}),
        ("SEPARATOR = ','\n", {"beta.py"}),
    ):
        looked.clear()
        workspace.write("beta.py", f"import alpha\nimport gamma\n\n\n{text}")
        findings(indexer)
        assert looked == seen, text


@pytest.mark.parametrize("text", [STAR + "\nprint(sorted([]))\n", WHOLE])
def test_a_comment_elsewhere_is_no_use(workspace: Workspace, indexer: Running, text: str) -> None:
    workspace.write("alpha.py", "import os\n")
    workspace.write("beta.py", text)
    indexer.hello()
    indexer.index()
    workspace.write("beta.py", text + "\n# os and alpha.os are not needed here\n")
    assert findings(indexer) == UNUSED
    indexer.ask("rebuild")
    assert findings(indexer) == UNUSED


def test_what_follows_an_edit_elsewhere_embeds_nothing(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("alpha.py", "def area(a):\n    return a * a\n")
    for number in range(20):
        call = f"from alpha import area\n\n\ndef part{number}():\n    return area({number})\n"
        workspace.write(f"user{number}.py", call)
    indexer.hello()
    indexer.index()
    workspace.write("alpha.py", "def extent(a):\n    return a * a\n")
    counters = indexer.index()
    assert counters["embedded"] == 1
    with indexer.snapshot() as snapshot:
        assert not [one for one in snapshot.call_graph() if "extent" in one.target]
    workspace.write("alpha.py", "def area(a):\n    return a * a\n")
    counters = indexer.index()
    assert counters["embedded"] == 0
    with indexer.snapshot() as snapshot:
        assert len(snapshot.importers("alpha.py")) == 20
        (area,) = snapshot.named("area")
        assert len(snapshot.callers(area.id)) == 20


@pytest.mark.parametrize(
    "after",
    [
        "# what this is for\n" + NESTED,
        NESTED + "\n# the end\n",
        NESTED.replace("    for row", "\n    # TODO: all at once\n    for row"),
        NESTED.replace("        return 1\n", "        return 1  # so far\n\n"),
        NESTED.replace("def deep(rows):", "def deep(rows):  # codearch: ignore[deep-nesting] x"),
        NESTED.replace("        print(", "    print("),  # the same words, and another meaning
        NESTED.replace("\n    return 2", "    return 2  # nothing else"),
    ],
)
def test_findings_after_an_edit_of_comments_are_those_of_a_new_index(
    workspace: Workspace, indexer: Running, after: str
) -> None:
    def found() -> list[object]:
        indexer.index()
        with indexer.snapshot() as snapshot:
            return [
                (one.id, one.rule, one.message, one.span, one.related, one.priority)
                for one in snapshot.findings()
            ]

    workspace.write("rows.py", NESTED)
    indexer.hello()
    before = found()
    assert {"deep-nesting", "unreachable-code"} <= {str(each[1]) for each in before}  # type: ignore[index]
    for text in (after, NESTED, after):
        workspace.write("rows.py", text)
        edited = found()
    indexer.ask("rebuild")
    assert edited == found()


def test_a_flow_from_another_file_is_told_where_it_begins_now(
    workspace: Workspace, indexer: Running
) -> None:
    def told() -> list[tuple[str, int]]:
        indexer.index()
        with indexer.snapshot() as snapshot:
            (one,) = snapshot.findings(rule="security-shell")
        return [(each.path, each.line) for each in one.related]

    asked = "import runs\n\n\ndef main():\n    runs.run(input())\n"
    workspace.write("runs.py", "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n")
    workspace.write("asks.py", asked)
    indexer.hello()
    assert ("asks.py", 4) in told()
    workspace.write("asks.py", "# asks somebody\n" + asked)
    assert ("asks.py", 5) in told()


PATTERN = """[[pattern]]
id = "read-and-close"
languages = ["python"]
find = "open($PATH).read()"
"""


def test_a_pattern_of_the_team_is_looked_for_as_soon_as_it_is_written_down(
    workspace: Workspace, indexer: Running
) -> None:
    def found() -> list[str]:
        indexer.ask("flush")
        with indexer.snapshot() as snapshot:
            return [one.path for one in snapshot.findings(rule="bug-pattern")]

    patterns = ".codearch/patterns/files.toml"
    workspace.write("alpha.py", "def first(name):\n    return open(name).read()\n")
    workspace.write("beta.py", "def second(name):\n    return name.open().read()\n")
    indexer.hello()
    indexer.index()
    assert found() == []
    workspace.write(patterns, PATTERN)
    assert found() == ["alpha.py"]
    workspace.write(patterns, PATTERN.replace("open($PATH)", "$PATH.open()"))
    assert found() == ["beta.py"]
    (workspace.root / patterns).unlink()
    assert found() == []
