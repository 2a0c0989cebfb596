"""Saying where findings stand, and what the list and the editor make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.commands._shown import shown
from codearch.errors import UsageError
from commands.asking import ask

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.commands._command import Context

SOURCE = """import os


def freight(parcel):
    # TODO: ask the carrier
    return parcel.weight * 2


def insure(parcel):
    # FIXME: rounds twice
    return parcel.value / 100
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEARCH_RULES", '{"todo": {"enabled": true}}')  # in editors, too
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "3")
    root = tmp_path / "shop"
    root.mkdir()
    (root / "codearch.toml").touch()
    (root / "parcels.py").write_text(SOURCE)
    return root


def listed(context: Context, **query: Any) -> dict[str, str]:
    """Return the messages of the marks that are listed, with their statuses."""
    context.workspaces[0].indexer.call("flush")
    items = ask(context, "debt.list", rule="todo", **query)["items"]
    return {item["message"].split(":")[0]: item["status"] for item in items}


def number_of(context: Context, begins: str) -> str:
    items = ask(context, "debt.list", rule="todo")["items"]
    return str(next(item["id"] for item in items if item["message"].startswith(begins)))


def in_editor(context: Context, path: str = "parcels.py") -> set[str]:
    with context.workspaces[0].read() as snapshot:
        return {finding.message.split(":")[0] for finding in shown(snapshot, path)}


def test_what_is_set_aside_is_listed_when_asked_for_alone(context: Context) -> None:
    item = ask(
        context, "debt.resolve", id=number_of(context, "TODO"), status="wontFix", note="by design"
    )
    assert (item["status"], item["note"]) == ("wontFix", "by design")
    assert item["date"]
    assert listed(context) == {"FIXME": "open"}
    assert listed(context, status="wontFix") == {"TODO": "wontFix"}
    assert in_editor(context) == {"FIXME"}
    explained = ask(context, "explain", symbol="freight")
    assert explained["debt"] == []


def test_what_is_in_progress_still_stands(context: Context) -> None:
    ask(context, "debt.resolve", id=number_of(context, "TODO"), status="inProgress")
    assert listed(context) == {"TODO": "inProgress", "FIXME": "open"}
    assert listed(context, status="open") == {"FIXME": "open"}
    assert in_editor(context) == {"TODO", "FIXME"}


def test_a_false_positive_stays_one_through_edits_and_renames(context: Context, root: Path) -> None:
    ask(context, "debt.resolve", id=number_of(context, "TODO"), status="falsePositive")
    (root / "parcels.py").write_text("import sys\n" + SOURCE.replace("freight", "carriage"))
    assert listed(context) == {"FIXME": "open"}
    (root / "shipping").mkdir()
    (root / "parcels.py").rename(root / "shipping" / "boxes.py")
    assert listed(context) == {"FIXME": "open"}
    assert in_editor(context, "shipping/boxes.py") == {"FIXME"}
    # Said again of the one that was renamed, it stands there once.
    ask(context, "debt.resolve", id=number_of_hidden(context), status="wontFix")
    assert (root / ".codearch" / "debt.toml").read_text().count("[[finding]]") == 1


def number_of_hidden(context: Context) -> str:
    (item,) = ask(context, "debt.list", rule="todo", status="falsePositive")["items"]
    return str(item["id"])


def test_what_was_mended_is_resolved_by_itself(context: Context, root: Path) -> None:
    ask(context, "debt.resolve", id=number_of(context, "FIXME"), status="inProgress", note="mine")
    (root / "parcels.py").write_text(SOURCE.replace("    # FIXME: rounds twice\n", ""))
    assert listed(context) == {"TODO": "open"}
    assert listed(context, status="resolved") == {"FIXME": "resolved"}
    (item,) = ask(context, "debt.list", status="resolved")["items"]
    assert item["note"] == "mine"
    assert item["uri"].endswith("/parcels.py")


def test_what_is_said_to_be_resolved_and_found_again_is_open(context: Context, root: Path) -> None:
    ask(context, "debt.resolve", id=number_of(context, "TODO"), status="resolved")
    assert listed(context) == {"FIXME": "open"}
    assert listed(context, status="resolved") == {"TODO": "resolved"}
    (root / "parcels.py").write_text(SOURCE + "\n\nrate = 3\n")
    assert listed(context) == {"TODO": "open", "FIXME": "open"}


@pytest.mark.parametrize(
    ("argument", "field"),
    [
        ({"id": "0" * 16, "status": "wontFix"}, "id"),
        ({"id": "0" * 16, "status": "later"}, "status"),
        ({"status": "wontFix"}, "id"),
    ],
)
def test_a_bad_argument_names_its_field(
    context: Context, argument: dict[str, str], field: str
) -> None:
    with pytest.raises(UsageError) as raised:
        ask(context, "debt.resolve", **argument)
    assert raised.value.field == field
