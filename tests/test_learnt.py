"""Values are read on several threads from the first on, without an end of the process."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "codearch"
PLAIN = {"bytes", "bool", "dict", "float", "int", "list", "str", "tuple", "Any"}

RACE = """
import sys, threading
import msgspec
from codearch.checked import learnt

sys.setswitchinterval(1e-6)

def race():
    inner = msgspec.defstruct("Inner", [("number", int, 0), ("text", str | None, None)])
    names = [f"field{number}" for number in range(20)]
    kind = msgspec.defstruct("Kind", [(name, list[inner] | None, None) for name in names])
    value = {name: [{"number": 1, "text": "a"}] for name in names}
    together = threading.Barrier(6)

    def read():
        together.wait()
        assert msgspec.convert(value, learnt(kind)).field7[0].number == 1

    threads = [threading.Thread(target=read) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

for _ in range(150):
    race()
print("done")
"""


def test_threads_may_meet_a_class_at_the_same_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RACE], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout == "done\n", (done.returncode, done.stderr)


def _kinds(module: ast.Module) -> list[ast.expr]:
    """Return what a module has msgspec read values as, when it is called."""
    found = []
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        called = ast.unparse(call.func)
        if called == "msgspec.convert":
            found.append(call.args[1])
        elif called in ("msgspec.json.decode", "msgspec.msgpack.decode"):
            found += [each.value for each in call.keywords if each.arg == "type"]
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_every_class_is_learnt_before_it_is_read(path: Path) -> None:
    for kind in _kinds(ast.parse(path.read_text())):
        names = {each.id for each in ast.walk(kind) if isinstance(each, ast.Name)}
        assert "learnt" in names or names <= PLAIN, ast.unparse(kind)
