"""Commands as clients call them: URIs, 0-based ranges in any encoding, and errors by field."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codearch.cli._session import session
from codearch.commands._command import Context
from codearch.commands._places import path_of_uri
from codearch.commands._schema import all_commands
from codearch.commands._scope import in_scope
from codearch.errors import UsageError
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = '''"""Greetings."""


def größe(x): return "😀😀", helper(x)


def helper(x):
    # TODO: be kinder
    return x
'''
OTHER = "def helper(y):\n    return y\n"


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("work space")
    for name, text in (("first", SOURCE), ("second", OTHER)):
        (folder / name).mkdir()
        (folder / name / "codearch.toml").touch()
        (folder / name / "main.py").write_text(text, "utf-8")
    return folder / "first", folder / "second"


@pytest.fixture(scope="module")
def both(roots: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A session with two workspace folders."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv("CODEARCH_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "3")
        contexts = [stack.enter_context(session(root)) for root in roots]
        yield Context(tuple(each for context in contexts for each in context.workspaces))


@pytest.fixture(scope="module")
def first(both: Context) -> Context:
    return Context(both.workspaces[:1])


def ask(context: Context, name: str, **argument: Any) -> Any:
    return all_commands()[f"codearch.{name}"].answer(context, argument)


def uri(context: Context) -> str:
    return (context.workspaces[0].root / "main.py").as_uri()


def test_ranges_are_counted_in_the_agreed_encoding(first: Context) -> None:
    ends = {}
    for encoding in ("utf-8", "utf-16", "utf-32"):
        context = replace(first, encoding=encoding)
        symbol = ask(context, "explain", symbol="größe")["symbol"]
        ends[encoding] = symbol["selectionRange"]["end"]["character"]
        call = ask(context, "explain", symbol="helper")["callers"][0]["at"]
        ends[encoding, "call"] = call["start"]["character"]
    assert (ends["utf-8"], ends["utf-16"], ends["utf-32"]) == (11, 9, 9)
    assert (ends["utf-8", "call"], ends["utf-16", "call"], ends["utf-32", "call"]) == (35, 29, 27)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 37), ("utf-16", 31), ("utf-32", 29)])
def test_positions_are_read_in_the_agreed_encoding(
    first: Context, encoding: str, character: int
) -> None:
    context = replace(first, encoding=encoding)
    position = {"line": 3, "character": character}
    found = ask(context, "explain", uri=uri(first), position=position)
    assert found["symbol"]["name"] == "helper", "on a call it explains what is called"


def test_explain_by_position_id_and_name_agree(first: Context) -> None:
    by_name = ask(first, "explain", symbol="helper")
    by_id = ask(first, "explain", symbol=by_name["symbol"]["id"])
    place = {"line": 6, "character": 5}
    by_place = ask(first, "explain", uri=uri(first), position=place)
    assert by_name["symbol"] == by_id["symbol"] == by_place["symbol"]
    assert set(by_name) >= {
        *("symbol", "signature", "summary", "callers", "callees", "tests", "owners", "churn"),
        *("complexity", "debt", "knowledge", "docs", "markdown"),
    }
    assert by_name["symbol"]["uri"] == uri(first)
    assert f"[größe]({uri(first)}#L4)" in by_name["markdown"]


def test_debt_is_listed_sorted_paged_and_added_up(first: Context) -> None:
    found = ask(first, "debt.list", rule="todo")
    (item,) = found["items"]
    assert found["total"] == 1
    assert (item["rule"], item["uri"], item["status"]) == ("todo", uri(first), "open")
    assert item["range"]["start"]["line"] == 7
    assert found["summary"]["byCategory"] == {item["category"]: 1}
    assert ask(first, "debt.list", rule="todo", offset=1)["items"] == []
    assert ask(first, "debt.list", rule="todo", path="src/**")["total"] == 0
    assert ask(first, "debt.list", status="resolved")["total"] == 0


def test_several_folders_are_answered_together_or_one_alone(both: Context) -> None:
    answer = ask(both, "search", query="helper")
    assert {hit["uri"].rsplit("/", 2)[-2] for hit in answer["results"]} == {"first", "second"}
    second = both.workspaces[1].root.as_uri()
    alone = ask(both, "search", query="helper", folder=second)
    assert {hit["uri"].rsplit("/", 2)[-2] for hit in alone["results"]} == {"second"}
    status = ask(both, "status")
    assert len(status["folders"]) == 2
    assert status["files"] == sum(folder["files"] for folder in status["folders"])
    calls = ask(both, "graph", kind="calls", level="file")
    assert calls["leftOut"] == 0


def test_flush_returns_the_generation_that_holds_everything(first: Context) -> None:
    (first.workspaces[0].root / "late.py").write_text("def latecomer(): pass\n")
    generation = ask(first, "index.flush")["generation"]
    answer = ask(first, "search", query="latecomer")
    assert answer["generation"] == generation
    # The system may tell of the file only now: it is looked at again, and found to be the same.
    wait_until(lambda: ask(first, "search", query="latecomer")["complete"] is True)
    assert answer["results"][0]["symbol"] == "latecomer"


def test_a_paused_index_refuses_to_flush_and_still_answers(first: Context) -> None:
    assert ask(first, "index.pause")["state"] == "paused"
    try:
        with pytest.raises(Exception, match="paused"):
            ask(first, "index.flush")
        assert ask(first, "search", query="helper")["results"]
    finally:
        ask(first, "index.resume")
    ask(first, "index.flush")
    assert ask(first, "status")["state"] == "ready"


@pytest.mark.parametrize(
    ("name", "argument", "field"),
    [
        ("search", {}, "query"),
        ("search", {"query": "a", "limit": 101}, "limit"),
        ("search", {"query": "a", "colour": "red"}, "colour"),
        ("search", {"query": "a", "folder": "file:///elsewhere"}, "folder"),
        ("search", {"query": "a", "folder": "elsewhere"}, "folder"),
        ("similar", {}, "uri"),
        ("similar", {"code": "x = 1"}, "language"),
        ("similar", {"code": "x = 1", "language": "python", "uri": "file:///x.py"}, "uri"),
        ("similar", {"code": "x = 1", "language": "pyhton"}, "language"),
        ("similar", {"uri": "untitled:1", "position": {"line": 0, "character": 0}}, "uri"),
        ("explain", {}, "symbol"),
        ("explain", {"uri": "file:///elsewhere/a.py"}, "position"),
        ("explain", {"uri": "file:///a.py", "position": {"line": 0, "character": 0}}, "uri"),
        ("explain", {"symbol": "nobody_is_called_so"}, "symbol"),
        ("graph", {}, "kind"),
        ("graph", {"kind": "cycles", "level": "symbol"}, "level"),
        ("graph", {"kind": "calls", "depth": -1}, "depth"),
        ("debt.list", {"sort": "beauty"}, "sort"),
        ("debt.list", {"rule": "tood"}, "rule"),
    ],
)
def test_a_bad_argument_is_refused_by_its_name(
    first: Context, name: str, argument: dict[str, Any], field: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(first, name, **argument)
    assert caught.value.field == field
    assert f"`{field}`" in str(caught.value)


@pytest.mark.parametrize(
    ("scope", "inside"),
    [
        (None, True),
        ("", True),
        (".", True),
        ("src", True),
        ("src/", True),
        ("./src/app", True),
        ("src/app/main.py", True),
        ("src/**", True),
        ("**/main.py", True),
        ("**/*.py", True),
        ("src/*/main.py", True),
        ("sr", False),
        ("src/*.py", False),
        ("main.py", False),
        ("**/*.ts", False),
        (".github", False),
        ("file:///elsewhere", False),
    ],
)
def test_scopes(tmp_path: Path, scope: str | None, *, inside: bool) -> None:
    assert in_scope("src/app/main.py", scope, tmp_path) is inside


def test_dot_folders_are_scopes_like_others(tmp_path: Path) -> None:
    assert in_scope(".github/ci.yml", ".github", tmp_path)
    assert in_scope("a/b.py", (tmp_path / "a").as_uri(), tmp_path)


def test_uris_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "größe#1.py"
    assert path_of_uri(path.as_uri()) == path
