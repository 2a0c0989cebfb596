"""A file that asked nothing that a change touches resolves to the same as before."""

import pytest
from memory import MemoryWorkspace
from test_compiled_names import RUST, C
from test_package_names import GO, JAVA
from test_python_names import SHOP

from codearch.graph import Resolver, touched

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
            assert old == later.resolve(path, after.files[path]), path
    return again


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
