"""Exact copies of TypeScript, Java and Go that are moved into a function compile, and do the same."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from memory_project import findings_in, fixed

from codearch.languages import by_path
from codearch.parse import parse

_SECONDS = 100


class Example(NamedTuple):
    """A file in which a block stands twice, and what runs it."""

    path: str
    block: str
    source: str  # with two places for the block
    called: str  # what the fix calls the function
    tools: tuple[tuple[str, ...], ...]  # commands, of which the last one prints something

    def with_block(self, block: str = "", old: str = "", new: str = "") -> str:
        """Return the file with a block in both places, after a change of the rest."""
        assert old in self.source
        return self.source.replace(old, new).replace("BLOCK\n", block or self.block)


TYPESCRIPT = Example(
    "a.ts",
    """\
      const weight = parcel.items.reduce(sum, parcel.weight);
      const volume = (parcel.width * parcel.height * parcel.depth) / FACTOR;
      const charged = Math.max(weight, volume, least);
      for (const zone of zones) {
        if (zone.target === parcel.target) {
          fees += zone.fee * charged;
          break;
        }
      }
""",
    """\
interface Item { weight: number }
interface Zone { target: string; fee: number }
interface Parcel {
  weight: number; width: number; height: number; depth: number; target: string; items: Item[];
}

const FACTOR = 6000;
const sum = (whole: number, item: Item): number => whole + item.weight;

// What the land asks.
export function land(parcel: Parcel, zones: readonly Zone[], least: number): number {
    let fees = 0;
    if (zones.length > 0) {
BLOCK
    }
    return fees;
}

export class Parcels {
  each(parcels: Parcel[], zones: readonly Zone[], least: number): number[] {
    const log: number[] = [];
    let fees = 1;
    for (const parcel of parcels) {
BLOCK
      log.push(fees);
    }
    return log;
  }
}

const one: Parcel = {
  weight: 1, width: 90, height: 50, depth: 40, target: "x", items: [{ weight: 2 }],
};
const all: Zone[] = [{ target: "y", fee: 1 }, { target: "x", fee: 3 }];
console.log(JSON.stringify([land(one, all, 2), new Parcels().each([one, one], all, 5)]));
""",
    "partOfLand",
    (
        (
            "tsc",
            "--strict",
            "--noUnusedLocals",
            "--target",
            "es2022",
            "--module",
            "commonjs",
            "a.ts",
        ),
        ("node", "a.js"),
    ),
)
JAVA = Example(
    "Parcels.java",
    """\
            double volume = parcel.width * parcel.height * parcel.depth / 6000;
            double charged = Math.max(parcel.weight, Math.max(volume, least));
            for (Zone zone : zones) {
                if (zone.target.equals(parcel.target)) {
                    fees += zone.fee * charged * factor;
                    break;
                }
            }
""",
    """\
import java.util.ArrayList;
import java.util.List;

public class Parcels {
    static class Zone {
        String target;
        double fee = 3;

        Zone(String target) {
            this.target = target;
        }
    }

    static class Parcel {
        double weight = 1, width = 90, height = 50, depth = 40;
        String target = "x";
    }

    private final double factor = 2;

    /** What the land asks. */
    public double land(Parcel parcel, List<Zone> zones, double least) {
        double fees = 0;
        if (!zones.isEmpty()) {
BLOCK
        }
        return fees;
    }

    List<Double> each(List<Parcel> parcels, List<Zone> zones, double least) {
        List<Double> log = new ArrayList<>();
        double fees = 1;
        for (Parcel parcel : parcels) {
BLOCK
            log.add(fees);
        }
        return log;
    }

    public static void main(String[] arguments) {
        List<Zone> zones = List.of(new Zone("y"), new Zone("x"));
        Parcels parcels = new Parcels();
        System.out.println(parcels.land(new Parcel(), zones, 2));
        System.out.println(parcels.each(List.of(new Parcel(), new Parcel()), zones, 50));
    }
}
""",
    "partOfLand",
    (("javac", "Parcels.java"), ("java", "-cp", ".", "Parcels")),
)
GO = Example(
    "a.go",
    """\
\t\tvolume := parcel.width * parcel.height * parcel.depth / 6000
\t\tcharged := math.Max(parcel.weight, math.Max(volume, least))
\t\tfor _, zone := range zones {
\t\t\tif zone.target == parcel.target {
\t\t\t\tfees += zone.fee * charged
\t\t\t\tbreak
\t\t\t}
\t\t}
""",
    """\
package main

import (
\t"fmt"
\t"math"
)

type Zone struct {
\ttarget string
\tfee    float64
}

type Parcel struct {
\tweight, width, height, depth float64
\ttarget                       string
}

// Land is what the land asks.
func Land(parcel *Parcel, zones []Zone, least float64) float64 {
\tfees := 0.0
\tif len(zones) > 0 {
BLOCK
\t}
\treturn fees
}

func each(parcels []*Parcel, zones []Zone, least float64) []float64 {
\tvar log []float64
\tfees := 1.0
\tfor _, parcel := range parcels {
BLOCK
\t\tlog = append(log, fees)
\t}
\treturn log
}

func main() {
\tzones := []Zone{{"y", 1}, {"x", 3}}
\tone := &Parcel{1, 90, 50, 40, "x"}
\tfmt.Println(Land(one, zones, 2), each([]*Parcel{one, one}, zones, 50))
}
""",
    "partOfLand",
    (("gofmt", "-l", "a.go"), ("go", "run", "a.go")),
)
EXAMPLES = (TYPESCRIPT, JAVA, GO)


def ran(example: Example, source: str, folder: Path) -> str:
    """Return what a program prints; the test is skipped where its language's tools are not here."""
    missing = sorted({tool for tool, *_ in example.tools if shutil.which(tool) is None})
    if missing:
        pytest.skip(f"not at hand: {', '.join(missing)}")
    (folder / example.path).write_text(source, "utf-8")
    said = ""
    for command in example.tools:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "GO111MODULE": "off"}, capture_output=True, text=True,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
        said = done.stdout
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}\n{source}"
        assert command[0] != "gofmt" or not said, source
    return said


def moved(example: Example, source: str, **more: str) -> str:
    """Return what the fix moves, "" where there is none."""
    found = findings_in({example.path: source, **more}, "clone")
    return "".join(each.fix.edits[0].text for each in found if each.fix)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.path)
def test_what_is_moved_is_one_function_that_both_places_call(example: Example) -> None:
    source = example.with_block()
    after = fixed({example.path: source}, "clone", unsafe=True)[example.path]
    assert after.count("6000") == 1, after
    assert after.count(f"{example.called}(") == 3
    assert after.index(f" {example.called}(") < after.index("at the land asks")
    language = by_path(example.path)
    assert language is not None
    assert not parse(after.encode(), language).errors


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.path)
def test_what_is_left_compiles_and_prints_the_same(example: Example, tmp_path: Path) -> None:
    source = example.with_block()
    after = fixed({example.path: source}, "clone", unsafe=True)[example.path]
    assert after != source
    assert ran(example, after, tmp_path) == ran(example, source, tmp_path)


# --- what comes out is made by the block ----------------------------------------------------------

LOGGED = {
    TYPESCRIPT: ("fees += zone.fee * charged;", "console.log(charged);"),
    JAVA: ("fees += zone.fee * charged * factor;", "System.out.println(charged);"),
    GO: ("fees += zone.fee * charged", "fmt.Println(charged)"),
}


CALLS = (
    (TYPESCRIPT, "const charged = partOfLand("),
    (JAVA, "double charged = partOfLand("),
    (GO, "charged := partOfLand("),
)


@pytest.mark.parametrize(("example", "call"), CALLS)
def test_what_a_block_makes_comes_out(example: Example, call: str, tmp_path: Path) -> None:
    block = example.block.replace(*LOGGED[example])
    if example is GO:
        block = block.replace("math.Max(parcel.weight, math.Max(volume, least))", "float64(least)")
        block = block.replace("fmt.Println(", "fmt.Println(math.Pi, volume, ")
    source = example.source
    for sign in "+-":
        source = source.replace("BLOCK\n", f"{block}        fees {sign}= charged\n", 1)
    if example is GO:
        source = source.replace("        fees", "\t\tfees")
    else:
        source = source.replace("= charged\n", "= charged;\n")
    after = fixed({example.path: source}, "clone", unsafe=True)[example.path]
    assert after.count(call) == 2, after
    assert ran(example, after, tmp_path) == ran(example, source, tmp_path)


# --- what stays where it is -----------------------------------------------------------------------

BLOCKS = (
    (TYPESCRIPT, "          break;\n", "          return fees as never;\n"),
    (TYPESCRIPT, "  const volume =", "  assertParcel(parcel); const volume ="),
    (TYPESCRIPT, "  const volume =", "  least += 1; const volume ="),
    (TYPESCRIPT, "parcel.items.reduce(sum,", "parcel.items.reduce((a, b) => a + b.weight,"),
    (TYPESCRIPT, "const weight = parcel", "const weight = this as any ?? parcel"),
    (
        JAVA,
        "                    break;\n",
        "                    throw new Error();\n                } else if (least > 3) {\n                    return null;\n",
    ),
    (JAVA, "double volume =", "least += 1; double volume ="),
    (
        JAVA,
        "for (Zone zone : zones) {",
        "while (true) {\n                Zone zone = zones.get(0);",
    ),
    (
        JAVA,
        "                    break;\n",
        "                    zones.forEach(each -> each.fee += 1);\n",
    ),
    (GO, "\t\t\t\tbreak\n", "\t\t\t\tpanic(fees)\n"),
    (GO, "for _, zone := range zones {", "for {\n\t\t\tzone := zones[0]"),
    (GO, "\t\t\t\tbreak\n", "\t\t\t\tdefer fmt.Println(zone)\n"),
    (GO, "volume := parcel.width", "shown := &least\n\t\t*shown = 3\n\t\tvolume := parcel.width"),
)
AROUND = (
    (TYPESCRIPT, "(parcel: Parcel, zones", "(parcel, zones"),
    (TYPESCRIPT, "(parcel: Parcel,", "<Parcel extends { weight: number }>(parcel: Parcel,"),
    (TYPESCRIPT, "let fees = 0;", "let fees = zones.length;"),
    (TYPESCRIPT, "let fees = 0;", "let fees = 0;\n    if (!parcel.target) return 0;"),
    (
        TYPESCRIPT,
        "let fees = 0;",
        "let fees = 0;\n    const add = () => { fees += 1; };\n    add();",
    ),
    (TYPESCRIPT, "  weight: number; width", "  private weight: number; width"),
    (JAVA, "double fees = 0;", "var fees = 0.0;"),
    (JAVA, "double fees = 0;", "double fees;\n        fees = 0;"),
    (JAVA, "double fees = 0;", "float fees = 0;"),
    (JAVA, "(Parcel parcel,", "(Object given,"),
    (JAVA, "public double land(Parcel", "public <Parcel> double land(Parcel"),
    (JAVA, "double fees = 0;\n        if (!zones.isEmpty()) {", "double fees = 0;\n        try {"),
    (GO, "fees := 0.0", "fees := math.Pi"),
    (
        GO,
        "fees := 0.0",
        "fees, some := 0.0, func() float64 { return 1 }\n\tdefer some()\n\tdefer func() { fees++ }()",
    ),
    (GO, "func Land(parcel *Parcel", "func Land[Parcel any](parcel *Parcel"),
    (GO, "func Land(parcel *Parcel", "func Land(parcel Parcel"),
    (GO, "fees := 0.0", "fees := 0.0\n\tshown := &fees\n\t*shown = 3"),
)


@pytest.mark.parametrize(("example", "old", "new"), BLOCKS)
def test_what_a_function_of_its_own_would_change_stays(
    example: Example, old: str, new: str
) -> None:
    block = example.block.replace(old, new)
    assert block != example.block
    assert new.strip() not in moved(example, example.with_block(block))


@pytest.mark.parametrize(("example", "old", "new"), AROUND)
def test_what_cannot_be_known_of_the_function_around_keeps_a_block_there(
    example: Example, old: str, new: str
) -> None:
    assert "6000" not in moved(example, example.with_block("", old, new))


def test_a_value_that_a_method_may_change_stays() -> None:
    block = GO.block.replace("fees += zone.fee * charged", "log.Add(zone.fee * charged)")
    source = GO.with_block(block).replace("fees := ", "var log Log\n\tfees := ")
    assert moved(GO, source) == ""
    interface = source + "\ntype Log interface{ Add(float64) }\n"
    assert "log Log" in moved(GO, interface)


def test_a_name_that_another_file_of_the_package_has_is_not_taken() -> None:
    other = "package main\n\nfunc partOfLand() {}\n"
    assert "func partOfLand_2(" in moved(GO, GO.with_block(), **{"b.go": other})
    assert "func partOfLand(" in moved(GO, GO.with_block(), **{"other/b.go": other})


@pytest.mark.parametrize(
    ("one", "other", "thrown"),
    [
        (" throws IOException", " throws IOException", " throws IOException {"),
        (" throws IOException", "", "double fees) {"),
        (" throws IOException", " throws Exception", ""),
    ],
)
def test_a_method_throws_what_both_places_let_through(one: str, other: str, thrown: str) -> None:
    source = JAVA.with_block().replace("double least) {", f"double least){one} {{", 1)
    at = source.index("double least) {")
    source = source[:at] + f"double least){other} {{" + source[at + len("double least) {") :]
    head = moved(JAVA, source).partition("\n")[0]
    assert head.endswith(thrown)
    assert bool(head) == bool(thrown)


def test_a_windows_file_stays_one() -> None:
    source = JAVA.with_block().replace("\n", "\r\n")
    after = fixed({"a.java": source}, "clone", unsafe=True)["a.java"]
    assert "partOfLand(" in after
    assert after.count("\n") == after.count("\r\n")
