"""Unsaved text belongs to its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.test_costs import SHAPES, shop

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

EDITED = (
    SHAPES
    + '''

def zebra_stripes(count):
    """Paint stripes like those of a zebra."""
    return "|" * count
'''
)


def edit(indexer: Running, session: int, text: str | None) -> None:
    indexer.engine.waiting.join(session, scan=False)
    if text is None:
        indexer.ask("discard", session, path="shapes.py")
    else:
        indexer.ask("overlay", session, path="shapes.py", text=text)
    indexer.ask("flush", session)


def test_only_its_own_session_sees_a_buffer(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, EDITED)
    assert indexer.search("zebra stripes", session=1)[0] == "shapes.py zebra_stripes"
    assert "shapes.py zebra_stripes" not in indexer.search("zebra stripes", session=2)
    assert "shapes.py zebra_stripes" not in indexer.search("zebra stripes", session=0)


def test_two_sessions_see_their_own_version(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, SHAPES.replace("circumference", "perimeter"))
    edit(indexer, 2, SHAPES.replace("circumference", "girth"))
    with indexer.snapshot(1) as one, indexer.snapshot(2) as two, indexer.snapshot() as disk:
        assert one.named("perimeter")
        assert not one.named("girth")
        assert two.named("girth")
        assert disk.named("circumference")
        assert one.named("perimeter")[0].id == disk.named("circumference")[0].id


def test_saved_or_closed_buffer_is_forgotten(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, EDITED)
    edit(indexer, 1, None)
    assert "shapes.py zebra_stripes" not in indexer.search("zebra stripes", session=1)
    with indexer.snapshot(1) as snapshot:
        assert snapshot.named("circumference")


def test_buffers_go_with_their_session(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, EDITED)
    indexer.answers.gone(1)
    indexer.ask("flush", 2)
    with indexer.snapshot(1) as snapshot:
        assert not snapshot.named("zebra_stripes")


def test_a_buffer_resolves_its_own_calls(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, EDITED + "\n\ndef cross():\n    return zebra_stripes(5)\n")
    with indexer.snapshot(1) as snapshot:
        target = snapshot.named("zebra_stripes")[0]
        callers = [snapshot.symbol(call.source) for call in snapshot.callers(target.id)]
        assert [caller.name for caller in callers if caller] == ["cross"]


def test_calls_from_other_files_reach_into_a_buffer(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, "# moved down\n" + SHAPES)
    with indexer.snapshot(1) as snapshot:
        area = snapshot.named("Circle.area")[0]
        callers = [snapshot.symbol(call.source) for call in snapshot.callers(area.id)]
        assert [caller.name for caller in callers if caller] == ["describe"]


def test_findings_of_a_buffer(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    edit(indexer, 1, "import os\n" + SHAPES)
    with indexer.snapshot(1) as mine, indexer.snapshot() as disk:
        assert [one.rule for one in mine.findings("shapes.py")] == ["unused-import"]
        assert disk.findings("shapes.py") == []


def test_an_open_file_is_read_again_where_it_was_edited(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    indexer.index()
    for name in ("girth", "perimeter", "outline"):
        edit(indexer, 1, SHAPES.replace("circumference", name))
    kept = indexer.shop.intake.edited.of(1, "shapes.py")
    assert kept.patched == 2
    assert indexer.search("outline", session=1)[0] == "shapes.py outline"
    edit(indexer, 1, None)
    assert indexer.shop.intake.edited.of(1, "shapes.py") is not kept


def test_a_buffer_that_no_file_could_be_is_not_indexed(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    indexer.index()
    for text in (EDITED + "#" * 3_000_000, "\0" * 9 + EDITED):
        edit(indexer, 1, EDITED)
        assert indexer.search("zebra stripes", session=1)[0] == "shapes.py zebra_stripes"
        edit(indexer, 1, text)
        assert "shapes.py zebra_stripes" not in indexer.search("zebra stripes", session=1)
