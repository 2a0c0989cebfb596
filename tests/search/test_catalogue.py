"""The catalogue under change: new versions, removals, buffers, renumbering."""

import numpy as np
import pytest
from search_memory import memory_index, read_file

from codearch.search import Catalogue, CataloguedFile, CataloguedSymbol
from codearch.search import catalogue as module
from codearch.search.postings import Rows, added, run_of


class Workspace:
    """Files put into a catalogue one by one."""

    def __init__(self):
        self.index = memory_index({})
        self.next = iter(range(1, 100_000))
        self.uids = iter(range(1, 100_000))

    def put(self, path, text, session=0):
        file = read_file(path, text.encode(), self.next)
        known = dict(self.index._terms)
        made = self.index._catalogued(file, self.uids)
        fresh = [(n, w) for w, n in self.index._terms.items() if w not in known]
        self.index.catalogue.add_terms(fresh)
        self.index.catalogue.put(
            [CataloguedFile(made.path, made.language, made.symbols, session, made.test)]
        )
        self.index._sources[path] = text.encode()

    def found(self, query, session=0):
        self.index.session = session
        return [hit.symbol.name or hit.symbol.path for hit in self.index.search(query)]


@pytest.fixture
def workspace():
    return Workspace()


def test_a_new_version_replaces_the_old(workspace):
    workspace.put("a.py", "def apple():\n    return 1\n")
    workspace.put("b.py", "def banana():\n    return 1\n")
    workspace.put("a.py", "def cherry():\n    return 1\n")
    assert workspace.found("apple") == []
    assert workspace.found("cherry")[0] == "cherry"
    assert workspace.found("banana")[0] == "banana"


def test_a_removed_file_is_gone(workspace):
    workspace.put("a.py", "def apple():\n    return 1\n")
    workspace.index.catalogue.drop(["a.py", "never.py"])
    assert workspace.found("apple") == []


def test_a_view_stays_as_it_was(workspace):
    workspace.put("a.py", "def apple():\n    return 1\n")
    before = workspace.index.view()
    workspace.put("b.py", "def banana():\n    return 1\n")
    assert len(before.symbol_uid) < len(workspace.index.view().symbol_uid)
    assert before.paths[before.symbol_file[-1]] == "a.py"


def test_a_buffer_is_seen_by_its_session_alone(workspace):
    workspace.put("a.py", "def apple():\n    return 1\n")
    workspace.put("a.py", "def cherry():\n    return 1\n", session=7)
    assert workspace.found("cherry", session=7)[0] == "cherry"
    assert workspace.found("apple", session=7) == []
    assert workspace.found("apple")[0] == "apple"
    assert workspace.found("cherry") == []
    workspace.index.catalogue.drop_session(7)
    assert workspace.found("apple", session=7)[0] == "apple"


def test_renumbering_loses_nothing(workspace, monkeypatch):
    monkeypatch.setattr(module, "_LEAST_DEAD", 3)
    for turn in range(6):
        workspace.put("a.py", f"def apple{turn}():\n    return {turn}\n")
        workspace.put("empty.txt", "")
        workspace.put("b.py", f"class Basket:\n    def hold{turn}(self):\n        return apple\n")
    assert len(workspace.index.view().file_alive) < 18
    assert workspace.found("apple5")[0] == "apple5"
    assert "apple4" not in workspace.found("apple4")
    assert workspace.found("Basket.hold5")[0] == "hold5"
    assert workspace.found("b.py")[0]


def test_clearing_forgets_everything(workspace):
    workspace.put("a.py", "def apple():\n    return 1\n")
    workspace.index.catalogue.clear()
    assert workspace.found("apple") == []


def test_an_empty_catalogue_answers():
    assert memory_index({}).search("anything") == []
    view = Catalogue().view()
    assert len(view.symbol_uid) == 0


def test_a_symbol_without_passages_can_be_found_by_its_name():
    index = memory_index({})
    symbol = CataloguedSymbol(1, "lonely", "", "function", "", False, ())
    index.catalogue.put([CataloguedFile("a.py", "python", (symbol,))])
    view = index.view()
    assert view.names[view.named("lonely")[0]] == "lonely"


def rows(*entries):
    terms, parts = zip(*entries, strict=True)
    size = len(entries)
    return Rows(
        np.array(terms, np.int32),
        np.array(parts, np.int32),
        np.arange(size, dtype=np.uint16),
        np.ones(size, np.float32),
    )


def test_runs_merge_and_keep_every_posting():
    runs = ()
    for number in range(40):
        runs = added(runs, run_of(rows((5, number), (number % 3, number))))
    assert len(runs) < 8
    held = sorted(int(part) for run in runs for part in run.parts[run.find(5)])
    assert held == list(range(40))
    assert all(run.find(99) == slice(0, 0) for run in runs)


def test_what_fills_a_page_does_not_depend_on_what_came_first(workspace):
    other = Workspace()
    texts = {
        f"folder{number}/moor.py": f"def moor():\n    return {number}\n" for number in range(30)
    }
    for path, text in texts.items():
        workspace.put(path, text)
    for path, text in reversed(texts.items()):
        other.put(path, text)
    mine, theirs = (
        [hit.symbol.path for hit in each.index.search("moor", limit=10)]
        for each in (workspace, other)
    )
    assert mine == theirs


def test_scores_rest_on_what_is_there(workspace):
    workspace.put("a.py", "def moor(boat):\n    return boat.rope\n")
    workspace.put("b.py", "def drift(boat):\n    return boat.sail\n")
    before = [hit.score for hit in workspace.index.search("boat rope")]
    for number in range(9):
        workspace.put("c.py", f"def knot{number}(rope):\n    return rope\n")
    workspace.index.catalogue.drop(["c.py"])
    assert [hit.score for hit in workspace.index.search("boat rope")] == before
