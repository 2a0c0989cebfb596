import type { DebtItem } from "@codearch/protocol";
import { expect, test } from "vitest";
import { cellOf, groupOf, hoursByCategory } from "../../src/panels/debt/grouping.ts";
import { lines } from "../../src/parts/groups.tsx";
import { finding } from "../finding.ts";

test("groups come in the order of their first finding, and fold", () => {
  const items = ["odd", "even", "odd"].map((name, at) =>
    finding(at + 1, { uri: `file:///w/${name}.py`, rule: "todo" }),
  );
  const file = (one: DebtItem) => groupOf(one, "file", (uri) => uri.slice("file:///w/".length));
  const all = lines(items, file, new Set());
  expect(all.map((line) => line.item?.id ?? line.group)).toEqual([
    "odd.py",
    "1",
    "3",
    "even.py",
    "2",
  ]);
  expect(all.map(({ at, of }) => `${at}/${of}`)).toEqual(["1/2", "1/2", "2/2", "2/2", "1/1"]);
  const folded = lines(items, (one) => groupOf(one, "rule", String), new Set(["todo"]));
  expect(folded).toEqual([{ group: "todo", count: 3, at: 1, of: 1 }]);
});

test("priorities fall into four bands", () => {
  const bands = [100, 75, 74, 25, 24, 0].map((priority) =>
    groupOf(finding(1, { priority }), "priority", String),
  );
  expect(bands.map((band) => band.split(" ")[0])).toEqual([
    "Now",
    "Now",
    "Soon",
    "Later",
    "Whenever",
    "Whenever",
  ]);
});

test("the matrix has high impact and low effort first", () => {
  expect(cellOf(finding(1, { impact: 9, effortHours: 0.5 }))).toBe("0 0");
  expect(cellOf(finding(1, { impact: 5, effortHours: 2 }))).toBe("1 1");
  expect(cellOf(finding(1, { impact: 0, effortHours: 40 }))).toBe("2 2");
});

test("hours are added up by category", () => {
  const items = [0.5, 3, 0.5].map((effortHours, at) =>
    finding(at, { effortHours, category: at === 1 ? "tests" : "documentation" }),
  );
  expect(hoursByCategory(items)).toEqual([
    ["tests", 3],
    ["documentation", 1],
  ]);
});

test("of ten thousand findings each is looked at once", () => {
  const items = Array.from({ length: 10_000 }, (_, number) => finding(number));
  let looks = 0;
  const file = (one: DebtItem) => {
    looks++;
    return one.uri;
  };
  expect(lines(items, file, new Set())).toHaveLength(10_400);
  expect(looks).toBe(items.length);
});
