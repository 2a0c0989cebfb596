"""A file that asked nothing that a change touches resolves to the same as before."""

import pytest
from memory import MemoryWorkspace
from test_compiled_names import RUST, C
from test_package_names import GO, JAVA
from test_python_names import SHOP

from codearch.graph import Resolution, Resolver, touched

CHANGES = {
    "a body": {"shop/prices.py": SHOP["shop/prices.py"].replace("sum(lines)", "sum(list(lines))")},
    "a new method": {
        "shop/cart.py": SHOP["shop/cart.py"].replace(
            "    def lines", "    def save(self): ...\n\n    def lines"
        )
    },
    "a renamed function": {
        "shop/prices.py": SHOP["shop/prices.py"].replace("def total", "def sum_up")
    },
    "another base": {
        "shop/storage/disk.py": SHOP["shop/storage/disk.py"].replace("(base.Store)", "")
    },
    "another type": {"shop/cart.py": SHOP["shop/cart.py"].replace("store: Store", "store: Money")},
    "a file that goes": {"shop/prices.py": None},
    "a file that comes": {"shop/storage.py": "class Store:\n    def save(self): ...\n"},
    "a reexport that goes": {"shop/__init__.py": ""},
    "a module in the way": {"json.py": "def dump(a, b): ...\n", "os.py": ""},
}
DUCKS = {  # receivers of unknown type, methods that several classes have
    "ponds.py": """\
class Pond:
    def top_up(self, litres): ...
    def run_dry(self, slowly=False): ...
    class Shore:
        def top_up(self): ...


class FishPond(Pond):
    def top_up(self, litres): ...
""",
    "tanks.py": """\
import ponds


class Tank:
    def top_up(self, litres, *more): ...
    def seal_tightly(self): ...


class SmallTank(Tank):
    def run_dry(self): ...


class Lake(ponds.Pond):
    def top_up(self, litres): ...
""",
    "garden.py": """\
def water(thing, pond, small_tank, lake):
    thing.top_up(3)
    pond.run_dry(True)
    small_tank.run_dry()
    lake.seal_tightly()
    thing.seal_tightly()
    thing.run_dry()
    lake.top_up(1, 2)
    lake.top_up()
""",
    "gate.py": """\
def close(thing):
    thing.seal_tightly()
""",
}
SEEN = {  # edits of the file with the only method that `gate.py` calls, and whether it sees them
    "a method beside": ("    def top_up", "    def lift(self): ...\n    def top_up", False),
    "a function above": ("class Tank:", "def dig(): ...\n\n\nclass Tank:", False),
    "an import": ("import ponds", "import os, ponds", False),
    "a parameter more": ("seal_tightly(self)", "seal_tightly(self, lid)", True),
    "another class around": ("class Tank:", "class Vessel:", True),
    "another base": ("class Tank:", "class Tank(Pond):", True),
}


def files_to_resolve_again(files: dict[str, str], changed: dict[str, str | None]) -> set[str]:
    """Return the files that a change touches; check that all others resolve as before."""
    before = MemoryWorkspace(files)
    edited = {path: text for path, text in (files | changed).items() if text is not None}
    after = MemoryWorkspace(edited)
    keys = set()
    for path in changed:
        keys |= touched(path, before.outline(path), after.outline(path))
    earlier, later = Resolver(before), Resolver(after)
    again = set()
    for path in sorted(set(files) & set(edited) - set(changed)):
        old = earlier.resolve(path, before.files[path])
        if old.asked & keys:
            again.add(path)
        else:
            new = later.resolve(path, after.files[path])
            assert named(before, old) == named(after, new), path
    return again


def named(space: MemoryWorkspace, resolution: Resolution) -> list[object]:
    """Return what a file resolves to, symbols by name and not by their number in their file."""

    def name(path: str, symbol: int) -> tuple[str, str, str]:
        member = space.outline(path).members[symbol]
        return path, member.container, member.name

    return [
        resolution.imports,
        [(each.index, name(each.path, each.symbol), each.confidence) for each in resolution.calls],
        [(each.symbol, name(each.path, each.base), each.confidence) for each in resolution.bases],
        [(each.symbol, name(each.path, each.tested)) for each in resolution.tests],
        resolution.neighbours,
        resolution.asked,
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_only_touched_files_change(change):
    again = files_to_resolve_again(SHOP, CHANGES[change])
    assert not again or change != "a body"


@pytest.mark.parametrize(
    "files", [SHOP, JAVA, GO, RUST, C], ids=["python", "java", "go", "rust", "c"]
)
def test_files_that_go_come_and_get_a_namesake_are_noticed(files):
    for path, text in files.items():
        files_to_resolve_again(files, {path: None})
        rest = {other: source for other, source in files.items() if other != path}
        files_to_resolve_again(rest, {path: text})
        files_to_resolve_again(files, {f"elsewhere/{path}": text})


@pytest.mark.parametrize("change", SEEN)
def test_who_guesses_by_a_method_sees_the_method_alone(change):
    before, after, seen = SEEN[change]
    tanks = DUCKS["tanks.py"].replace(before, after)
    again = files_to_resolve_again(DUCKS, {"tanks.py": tanks})
    assert ("gate.py" in again) == seen


@pytest.mark.parametrize(
    "files", [SHOP, JAVA, GO, RUST, C, DUCKS], ids=["python", "java", "go", "rust", "c", "ducks"]
)
def test_lines_that_go_and_come_are_noticed(files):
    for path, text in files.items():
        lines = text.splitlines(keepends=True)
        for number in range(len(lines)):
            rest = "".join(lines[:number] + lines[number + 1 :])
            files_to_resolve_again(files, {path: rest})
            files_to_resolve_again({**files, path: rest}, {path: text})


def test_the_order_of_resolution_does_not_matter():
    space = MemoryWorkspace(
        SHOP
        | {
            "ring/a.py": "from ring.b import *\ndef fa(): fb(); fc()\n",
            "ring/b.py": "from ring.c import *\ndef fb(): fa(); fc()\n",
            "ring/c.py": "from ring.a import *\ndef fc(): fa(); fb()\n",
        }
    )
    alone = {path: space.resolve(path) for path in space.files}
    together = Resolver(space)
    for path in sorted(space.files, reverse=True):
        assert together.resolve(path, space.files[path]) == alone[path]
