"""Exact copies that are moved into a function do what they did."""

from __future__ import annotations

from typing import Any

import pytest
from memory_project import findings_in, fixed

BLOCK = """\
    weight = parcel["weight"] + sum(item["weight"] for item in parcel["items"])
    volume = parcel["width"] * parcel["height"] * parcel["depth"] / 6000
    charged = max(weight, volume, least)
    for zone in zones:
        if zone["target"] == parcel["target"]:
            fees += zone["fee"] * charged
            break
"""
PARCEL = {
    "weight": 1,
    "items": [{"weight": 2}],
    "width": 90,
    "height": 50,
    "depth": 40,
    "target": "x",
}
ZONES = [{"target": "y", "fee": 1}, {"target": "x", "fee": 3}]


def indented(text: str, levels: int) -> str:
    return "".join(f"{'    ' * levels}{line}" for line in text.splitlines(keepends=True))


def in_loop(body: str) -> str:
    return f"""\
def each(parcels, zones, least):
    fees = 0
    log = []
    for parcel in parcels:
{indented(body, 1)}\
        log.append(fees)
    return log
"""


def once(body: str) -> str:
    return f"""\
def once(parcel, zones):
    least, fees = 5, 1
    if zones:
{indented(body, 1)}\
        return fees, charged, parcel["weight"]
    print("nothing")
    return None
"""


def ran(source: str) -> list[Any]:
    names: dict[str, Any] = {}
    exec(compile(source, "a.py", "exec"), names)
    return [names["each"]([PARCEL, PARCEL], ZONES, 2), names["once"](PARCEL, ZONES)]


def test_what_goes_round_a_loop_goes_in_and_out() -> None:
    source = in_loop(BLOCK) + "\n\n" + once(BLOCK)
    after = fixed({"a.py": source}, "clone", unsafe=True)["a.py"]
    assert after.count('parcel["depth"]') == 1
    assert ran(after) == ran(source)


def titles(source: str) -> list[str]:
    return [each.fix.title for each in findings_in({"a.py": source}, "clone") if each.fix]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("            break\n", "            return fees\n"),
        ("    charged = max(", "    charged = yield max("),
        ("    charged = max(", "    charged = self.__max("),
        ("    charged = max(", "    global charged\n    charged = max("),
        ("    charged = max(", "    charged = locals() and max("),
        ("    charged = max(", "    if volume:\n        charged = max("),
        ("    charged = max(weight, volume, least)\n", '    """A\n    text."""\n    charged = 1\n'),
        ("max(weight,", "max((lambda: weight)(),"),
    ],
)
def test_what_would_mean_something_else_stays(old: str, new: str) -> None:
    assert old in BLOCK
    block = BLOCK.replace(old, new)
    source = in_loop(block) + "\n\n" + once(block)
    for moved in titles(source):
        after = fixed({"a.py": source}, "clone", unsafe=True)["a.py"]
        head = after[after.index(f"def {moved.split('`')[1]}") :].partition("\n\n\n")[0]
        assert new.strip() not in head


def test_a_name_that_may_have_no_value_is_not_given() -> None:
    body = BLOCK.replace("least)", "floor)")
    start = "    least, fees = 5, 1\n"
    source = in_loop(body).replace("least):", "floor):") + "\n\n" + once(body)
    assert start in source
    assert titles(source.replace(start, start + "    floor = 1\n"))
    assert not titles(source.replace(start, start + "    if zones:\n        floor = 1\n"))


@pytest.mark.parametrize(
    "made", ["import math as floor", "class floor: pass", "def floor(): pass", "global floor"]
)
def test_what_only_the_function_around_makes_is_not_known_outside(made: str) -> None:
    body = BLOCK.replace("least)", "least, floor)").replace("fees +=", "fees = fees +")
    start = "    least, fees = 5, 1\n"
    source = in_loop(body) + "\n\n" + once(body)
    assert titles(source)  # of the file, or of another one
    assert not titles(source.replace(start, f"{start}    {made}\n"))


def test_the_new_function_takes_no_name_that_is_taken() -> None:
    source = in_loop(BLOCK) + "\n\n" + once(BLOCK) + "\n\n_part_of_each = 1\n"
    assert titles(source) == ["Move the 2 copies into `_part_of_each_2`"]
