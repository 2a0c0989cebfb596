"""A file that asked nothing that a change touches resolves to the same as before."""

import pytest
from memory import MemoryWorkspace
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


@pytest.mark.parametrize("change", CHANGES)
def test_only_touched_files_change(change):
    before = MemoryWorkspace(SHOP)
    edited = {path: text for path, text in (SHOP | CHANGES[change]).items() if text is not None}
    after = MemoryWorkspace(edited)
    keys = set()
    for path in CHANGES[change]:
        keys |= touched(path, before.outline(path), after.outline(path))
    earlier, later = Resolver(before), Resolver(after)
    again = set()
    for path in sorted(set(SHOP) & set(edited) - set(CHANGES[change])):
        old = earlier.resolve(path, before.files[path])
        if old.asked & keys:
            again.add(path)
        else:
            assert old == later.resolve(path, after.files[path]), path
    if change == "a body":
        assert not again


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
