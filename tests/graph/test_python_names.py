"""Python: imports to files, calls to symbols."""

import pytest
from memory import MemoryWorkspace

SHOP = {
    "shop/__init__.py": "from .cart import Cart\nfrom . import prices as _prices\n",
    "shop/cart.py": """
from shop.prices import total, Money
from .storage.base import Store


class Cart:
    def __init__(self, store: Store):
        self.store = store
        self.limit = Money(3)

    def checkout(self):
        self.store.save(self)
        self.limit.rounded()
        return total(self.lines())

    def lines(self):
        return []


def make_cart(store) -> Cart:
    return Cart(store)
""",
    "shop/prices.py": """
class Money:
    def rounded(self):
        return self


def total(lines):
    return sum(lines)
""",
    "shop/storage/__init__.py": "",
    "shop/storage/base.py": """
class Store:
    def save(self, what):
        self.before_save()

    def before_save(self): ...
""",
    "shop/storage/disk.py": """
import json
from shop.storage import base
from shop import Cart


class DiskStore(base.Store):
    def save(self, what):
        super().save(what)
        self.before_save()
        json.dump(what, None)


def restore():
    import shop.cart
    cart = shop.cart.make_cart(DiskStore())
    cart.checkout()
    Cart(DiskStore()).checkout()
""",
}


@pytest.fixture(scope="module")
def shop() -> MemoryWorkspace:
    return MemoryWorkspace(SHOP)


def test_imports_mean_files(shop):
    assert shop.imports("shop/cart.py") == {
        "shop.prices": ["shop/prices.py"],
        ".storage.base": ["shop/storage/base.py"],
    }
    assert shop.imports("shop/storage/disk.py") == {
        "json": [],
        "shop.storage": ["shop/storage/base.py"],
        "shop": ["shop/__init__.py"],
        "shop.cart": ["shop/cart.py"],
    }
    assert shop.imports("shop/__init__.py") == {".cart": ["shop/cart.py"], ".": ["shop/prices.py"]}


def test_imports_inside_functions_are_deferred(shop):
    facts = shop.files["shop/storage/disk.py"]
    deferred = {
        facts.imports[each.index].module: each.deferred
        for each in shop.resolve("shop/storage/disk.py").imports
    }
    assert deferred == {"json": False, "shop.storage": False, "shop": False, "shop.cart": True}


def test_calls_follow_imports_members_fields_and_returns(shop):
    assert shop.calls("shop/cart.py", least=0.8) == {
        "Money": "shop/prices.py:Money",
        "self.store.save": "shop/storage/base.py:Store.save",
        "self.limit.rounded": "shop/prices.py:Money.rounded",
        "total": "shop/prices.py:total",
        "self.lines": "shop/cart.py:Cart.lines",
        "Cart": "shop/cart.py:Cart.__init__",
    }


def test_calls_follow_reexports_and_bases(shop):
    assert shop.calls("shop/storage/disk.py", least=0.8) == {
        "super().save": "shop/storage/base.py:Store.save",
        "self.before_save": "shop/storage/base.py:Store.before_save",
        "shop.cart.make_cart": "shop/cart.py:make_cart",
        "DiskStore": "shop/storage/disk.py:DiskStore",
        "base.Store": "shop/storage/base.py:Store",
        "cart.checkout": "shop/cart.py:Cart.checkout",
        "Cart": "shop/cart.py:Cart.__init__",
        "Cart(DiskStore()).checkout": "shop/cart.py:Cart.checkout",
    }


def test_bases(shop):
    resolution = shop.resolve("shop/storage/disk.py")
    assert [
        (shop.name("shop/storage/disk.py", each.symbol), shop.name(each.path, each.base))
        for each in resolution.bases
    ] == [("shop/storage/disk.py:DiskStore", "shop/storage/base.py:Store")]


@pytest.mark.parametrize(
    ("importer", "target"),
    [
        ("app/main.py", "src/kit/tool.py"),
        ("tests/unit/test_tool.py", "src/kit/tool.py"),
        ("src/kit/other.py", "src/kit/tool.py"),
    ],
)
def test_a_src_folder_is_on_the_path(importer, target):
    files = {
        target: "def run(): ...\n",
        "src/kit/__init__.py": "",
        "pyproject.toml": "",
        "app/main.py": "",
    }
    files[importer] = "from kit.tool import run\nrun()\n"
    space = MemoryWorkspace(files)
    assert space.imports(importer) == {"kit.tool": [target]}
    assert space.calls(importer) == {"run": f"{target}:run"}


def test_namespace_packages_need_no_init():
    space = MemoryWorkspace(
        {
            "plugins/red/paint.py": "def paint(): ...\n",
            "main.py": "import plugins.red.paint\nfrom plugins.red import paint as p\nplugins.red.paint.paint()\np.paint()\n",
        }
    )
    assert space.imports("main.py") == {
        "plugins.red.paint": ["plugins/red/paint.py"],
        "plugins.red": ["plugins/red/paint.py"],
    }
    assert set(space.calls("main.py").values()) == {"plugins/red/paint.py:paint"}


def test_a_standard_module_is_not_a_file_of_the_same_name():
    space = MemoryWorkspace(
        {
            "app/__init__.py": "",
            "app/logging.py": "def getLogger(name): ...\n",
            "app/main.py": "import logging\nlog = logging.getLogger(__name__)\n",
        }
    )
    assert space.imports("app/main.py") == {"logging": []}
    assert space.calls("app/main.py") == {}


def test_the_standard_library_itself_is_resolved():
    space = MemoryWorkspace(
        {
            "Lib/os.py": "",
            "Lib/json/__init__.py": "from .decoder import JSONDecoder\ndef loads(s):\n    return JSONDecoder().decode(s)\n",
            "Lib/json/decoder.py": "class JSONDecoder:\n    def decode(self, s): ...\n",
            "Lib/test/test_json.py": "import json\njson.loads('1')\n",
        }
    )
    assert space.imports("Lib/test/test_json.py") == {"json": ["Lib/json/__init__.py"]}
    assert space.calls("Lib/test/test_json.py") == {"json.loads": "Lib/json/__init__.py:loads"}
    assert space.calls("Lib/json/__init__.py") == {
        "JSONDecoder": "Lib/json/decoder.py:JSONDecoder",
        "JSONDecoder().decode": "Lib/json/decoder.py:JSONDecoder.decode",
    }


def test_wildcards_and_circles_of_reexports_end():
    space = MemoryWorkspace(
        {
            "p/__init__.py": "from .a import *\nfrom .b import *\n",
            "p/a.py": "from . import *\ndef one(): two()\n",
            "p/b.py": "from .a import *\ndef two(): one()\n",
            "use.py": "from p import one, two, three\none()\ntwo()\nthree()\n",
        }
    )
    assert space.calls("use.py") == {"one": "p/a.py:one", "two": "p/b.py:two"}
    assert space.calls("p/a.py") == {"two": "p/b.py:two"}


def test_what_an_external_base_may_bring_is_not_guessed():
    space = MemoryWorkspace(
        {
            "t.py": "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertSame(1, 1)\n",
            "helper.py": "class H:\n    def assertSame(self, a, b): ...\n",
        }
    )
    assert space.calls("t.py") == {}


def test_unknown_receivers_are_guessed_and_never_sure():
    space = MemoryWorkspace(
        {
            "store.py": "class UserStore:\n    def load_everything(self): ...\n    def save(self): ...\n    def append(self, x): ...\n",
            "use.py": "def f(thing, user_store, rows, other):\n    thing.load_everything()\n    user_store.save()\n    rows.append(1)\n    other.save()\n",
        }
    )
    assert space.calls("use.py") == {
        "thing.load_everything": "store.py:UserStore.load_everything",
        "user_store.save": "store.py:UserStore.save",
    }
    assert space.calls("use.py", least=0.8) == {}


def test_what_tests_test():
    space = MemoryWorkspace(
        {
            "calc.py": "def add(a, b): ...\ndef log(): ...\n",
            "tests/test_calc.py": "from calc import add, log\ndef helper(): ...\ndef test_add():\n    helper()\n    log()\n    assert add(1, 2) == 3\n",
        }
    )
    links = space.resolve("tests/test_calc.py").tests
    named = {space.name(each.path, each.tested): each.confidence for each in links}
    assert set(named) == {"calc.py:add", "calc.py:log"}
    assert named["calc.py:add"] > 0.8 > named["calc.py:log"]


def test_a_function_that_gives_itself_or_another_in_turn_has_an_end():
    space = MemoryWorkspace(
        {
            "turns.py": """
def again():
    return again


def left():
    return right


def right():
    return left


again.elsewhere()
left.right.elsewhere()


class Walk:
    def step(self): ...

    @property
    def on(self):
        return self


Walk().on.step()
"""
        }
    )
    calls = space.calls("turns.py", least=0.5)
    assert calls["Walk().on.step"] == "turns.py:Walk.step"
    assert not {"again.elsewhere", "left.right.elsewhere"} & calls.keys()


@pytest.mark.parametrize("links", [40, 3_000])
def test_a_long_chain_of_reexports_breaks_nothing(links):
    files = {"m0.py": "def go(): ...\n", "shop.py": "def sell(): ...\n"}
    files |= {f"m{each}.py": f"from m{each - 1} import go\n" for each in range(1, links)}
    files["main.py"] = f"from m{links - 1} import go\nfrom shop import sell\ngo()\nsell()\n"
    calls = MemoryWorkspace(files).calls("main.py")
    assert calls["sell"] == "shop.py:sell"
    assert calls.get("go", "m0.py:go") == "m0.py:go"
