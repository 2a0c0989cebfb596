"""An edit changes what other files' findings say as soon, and exactly as an index made anew would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

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
