import { remembered, suggested } from "@codearch/protocol";
import { expect, test } from "vitest";
import { completed } from "../../src/panels/search/suggestions.tsx";

test("a name is suggested once, and not when it is typed in full", () => {
  expect(completed(["pay", "payment", "payment", "repay"], "pay")).toEqual(["payment", "repay"]);
  expect(
    completed(
      Array.from({ length: 9 }, (_, at) => `pay${at}`),
      "pay",
    ),
  ).toHaveLength(4);
});

test("recent searches are kept once, the latest first, and go on from what was typed", () => {
  const recent = remembered(remembered(["price"], " tax of a price "), "price");
  expect(recent).toEqual(["price", "tax of a price"]);
  expect(suggested(recent, "TAX")).toEqual(["tax of a price"]);
  expect(suggested(recent, "price")).toEqual([]);
  expect(suggested(recent, "")).toEqual(recent);
});
