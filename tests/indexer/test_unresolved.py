"""A file whose names cannot be resolved costs its own calls alone, and is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codearch.graph import Resolution, Resolver

if TYPE_CHECKING:
    import pytest

    from codearch.facts import FileFacts
    from conftest import Workspace
    from indexer.running import Running

CALLED = "def area(side):\n    return side * side\n"
CALLING = "from shapes import area\n\n\ndef {name}():\n    return area(2)\n"


def callers(indexer: Running) -> list[str]:
    indexer.ask("flush")
    with indexer.snapshot() as snapshot:
        (area,) = (one for one in snapshot.symbols("shapes.py") if one.name == "area")
        callers = [snapshot.symbol(call.source) for call in snapshot.callers(area.id)]
    return sorted(caller.name for caller in callers if caller is not None)


def said(indexer: Running) -> list[str]:
    problems = indexer.ask("status")["problems"]
    return [one["message"] for one in problems if "Search and all other" in one["mend"]]


def test_one_file_that_fails_is_named_and_the_others_are_resolved(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = Resolver.resolve

    def fails(self: Resolver, path: str, facts: FileFacts, *rest: Any) -> Resolution:
        found = resolve(self, path, facts, *rest)
        if any(each.module == "cursed" for each in facts.imports):
            raise ValueError("deep")
        return found

    monkeypatch.setattr(Resolver, "resolve", fails)
    workspace.write("shapes.py", CALLED)
    workspace.write("alpha.py", CALLING.format(name="first"))
    workspace.write("beta.py", "import cursed\n" + CALLING.format(name="second"))
    workspace.write("cursed.py", "")
    workspace.write("gamma.py", CALLING.format(name="third"))
    indexer.hello()
    indexer.index()
    assert callers(indexer) == ["first", "third"]
    status = indexer.ask("status")
    assert (status["state"], status["health"]) == ("ready", "warning")
    assert said(indexer) == ["Who is called in beta.py is not known: ValueError('deep')"]
    workspace.write("beta.py", CALLING.format(name="second"))
    assert callers(indexer) == ["first", "second", "third"]
    assert said(indexer) == []
    assert indexer.ask("status")["health"] == "ok"
