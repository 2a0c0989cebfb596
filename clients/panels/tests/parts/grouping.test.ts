import type { DebtItem } from "@codearch/protocol";
import { expect, test } from "vitest";
import { cellOf, hoursByCategory, lines } from "../../src/panels/debt/grouping.ts";

const item = (number: number, more: Partial<DebtItem> = {}): DebtItem => ({
  id: `${number}`,
  uri: `file:///w/${number % 2 ? "odd" : "even"}.py`,
  range: { start: { line: number, character: 0 }, end: { line: number, character: 1 } },
  rule: "todo",
  category: "documentation",
  severity: 2,
  message: `finding ${number}`,
  evidence: "",
  symbol: "",
  effortHours: 0.5,
  impact: 5,
  priority: 60,
  confidence: 1,
  status: "open",
  note: "",
  date: "",
  fix: null,
  related: [],
  ...more,
});

test("groups come in the order of their first finding, and fold", () => {
  const items = [item(1), item(2), item(3)];
  const all = lines(items, "file", new Set(), (uri) => uri.slice("file:///w/".length));
  expect(all.map((line) => line.item?.id ?? line.group)).toEqual([
    "odd.py",
    "1",
    "3",
    "even.py",
    "2",
  ]);
  const folded = lines(items, "rule", new Set(["todo"]), String);
  expect(folded).toEqual([{ group: "todo", count: 3 }]);
});

test("priorities fall into four bands", () => {
  const bands = [100, 75, 74, 25, 24, 0].map(
    (priority) => lines([item(1, { priority })], "priority", new Set(), String)[0]?.group,
  );
  expect(bands.map((band) => band?.split(" ")[0])).toEqual([
    "Now",
    "Now",
    "Soon",
    "Later",
    "Whenever",
    "Whenever",
  ]);
});

test("the matrix has high impact and low effort first", () => {
  expect(cellOf(item(1, { impact: 9, effortHours: 0.5 }))).toBe("0 0");
  expect(cellOf(item(1, { impact: 5, effortHours: 2 }))).toBe("1 1");
  expect(cellOf(item(1, { impact: 0, effortHours: 40 }))).toBe("2 2");
});

test("hours are added up by category", () => {
  const items = [item(1), item(2, { category: "tests", effortHours: 3 }), item(3)];
  expect(hoursByCategory(items)).toEqual([
    ["tests", 3],
    ["documentation", 1],
  ]);
});

test("ten thousand findings are grouped in a moment", () => {
  const items = Array.from({ length: 10_000 }, (_, number) => item(number));
  const began = performance.now();
  expect(lines(items, "file", new Set(), String)).toHaveLength(10_002);
  expect(performance.now() - began).toBeLessThan(500);
});
