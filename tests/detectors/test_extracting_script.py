"""Exact copies of JavaScript that are moved into a function do what they did."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
from memory_project import findings_in, fixed

BLOCK = """\
  const weight = parcel.items.reduce(sum, parcel.weight);
  const volume = (parcel.width * parcel.height * parcel.depth) / FACTOR;
  const charged = Math.max(weight, volume, least);
  for (const zone of zones) {
    if (zone.target === parcel.target) {
      fees += zone.fee * charged;
      break;
    }
  }
"""
COUNTED = """\
  const weight = parcel.items.reduce(sum, parcel.weight);
  const volume = (parcel.width * parcel.height * parcel.depth) / FACTOR;
  let found = Math.max(weight, volume, least);
  while (found < zones.length && zones[found].fee < 3) {
    found += 1;
    console.log(weight);
  }
"""
HEAD = """\
const FACTOR = 6000;
const sum = (whole, item) => whole + item.weight;

"""
RUN = """
const parcel = { weight: 1, items: [{ weight: 2 }], width: 90, height: 50, depth: 40, target: "x" };
const zones = [{ target: "y", fee: 1 }, { target: "x", fee: 3 }];
const console = { log: (...all) => globalThis.console.error(...all) };
globalThis.console.log(JSON.stringify([
  land(parcel, zones, 2), new Parcels().each([parcel, parcel], zones, 5),
]));
"""
NODE = shutil.which("node")


def land(block: str = BLOCK, result: str = "fees") -> str:
    return f"""\
// What the land asks.
function land(parcel, zones, least) {{
  let fees = 0;
{block}\
  return {result};
}}
"""


def each(block: str = BLOCK, result: str = "fees") -> str:
    deeper = "".join(f"    {line}" for line in block.splitlines(keepends=True))
    return f"""\
class Parcels {{
  each(parcels, zones, least) {{
    let fees = 1;
    const log = [];
    for (const parcel of parcels) {{
{deeper}\
      log.push({result});
    }}
    return log;
  }}
}}
"""


def ran(source: str) -> Any:
    assert NODE is not None
    done = subprocess.run([NODE, "-e", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize(("block", "result"), [(BLOCK, "fees"), (COUNTED, "found")])
def test_what_a_copy_writes_or_makes_comes_out(block: str, result: str) -> None:
    source = "'use strict';\n" + HEAD + land(block, result) + "\n" + each(block, result) + RUN
    after = fixed({"a.js": source}, "clone", unsafe=True)["a.js"]
    assert after.count("parcel.depth") == 1, after
    assert after.count("partOfLand(") == 3
    assert after.index("function partOfLand") < after.index("// What the land asks.")
    assert ran(after) == ran(source)


def titles(source: str) -> list[str]:
    return [each.fix.title for each in findings_in({"a.js": source}, "clone") if each.fix]


def moved(source: str) -> str:
    """Return what the fix moves, "" where there is none."""
    fixes = [each.fix for each in findings_in({"a.js": source}, "clone") if each.fix]
    return "".join(fix.edits[0].text for fix in fixes)


def test_the_plain_case_is_offered() -> None:
    assert titles(HEAD + land() + "\nexport " + each()) == ["Move the 2 copies into `partOfLand`"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      break;\n", "      return fees;\n"),
        ("  const charged = Math", "  const charged = this.Math"),
        ("  const charged = Math", "  const charged = arguments.length + Math"),
        ("  const charged", "  var charged"),
        ("parcel.items.reduce(sum,", "parcel.items.reduce((a, b) => a + b.weight,"),
        ("  const volume =", "  least += 1;\n  const volume ="),
        ("  const volume =", "  least += 1; const volume ="),
        ("  const volume =", "  const text = `a\n  b`;\n  const volume ="),
        ("  const volume =", "  const text = `a\n  b`; const volume ="),
        ("parcel.weight)", "eval('parcel.weight'))"),
    ],
)
def test_what_a_function_of_its_own_would_change_stays(old: str, new: str) -> None:
    block = BLOCK.replace(old, new)
    assert block != BLOCK
    assert new.strip() not in moved(HEAD + land(block) + "\nexport " + each(block))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  let fees = 0;\n", "  let fees = 0;\n  const add = () => { fees += 1; };\n"),
        ("  let fees = 0;\n", "  let fees = 0;\n  function sum(a, b) { return a - b.weight; }\n"),
        ("  return fees;\n", "  const later = () => fees;\n  return later;\n"),
        ("  return fees;\n", "  return fees + arguments.length;\n"),
        ("  return fees;\n", "  return fees + charged + weight;\n"),
        ("(parcel, zones, least)", "(parcel, zones, least, FACTOR)"),
        ("let fees = 0", "var fees = 0, fees = 1"),
        (BLOCK, "  try {\n" + BLOCK + "  } catch { return fees; }\n"),
    ],
)
def test_what_the_function_around_shares_with_a_copy_keeps_it_there(old: str, new: str) -> None:
    other = land().replace(old, new)
    assert other != land()
    assert "parcel.depth" not in moved(HEAD + other + "\nexport " + each())


def test_strict_code_is_not_moved_to_where_it_would_not_be() -> None:
    assert titles(HEAD + land() + "\n" + each()) == []
