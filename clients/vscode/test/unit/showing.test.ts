import assert from "node:assert/strict";
import { test } from "node:test";
import type { DebtItem, Status } from "@codearch/protocol";
import { remembered, suggested } from "@codearch/protocol";
import { grouped, left } from "../../src/logic/debtGroups.ts";
import { Latest } from "../../src/logic/latest.ts";
import { page } from "../../src/logic/page.ts";
import { explicit, serverKeys } from "../../src/logic/settings.ts";
import { bar, context } from "../../src/logic/state.ts";

function status(more: Partial<Status>): Status {
  const nothing = { version: "0.1.1", symbols: 0, embedded: 0, pending: 0, generation: 1 };
  return {
    ...nothing,
    state: "ready",
    health: "ok",
    files: 1200,
    model: {},
    store: {},
    latency: {},
    cache: {},
    problems: [],
    folders: [],
    ...more,
  };
}

test("the status bar says what the server does, its share and the time left", () => {
  const indexing = status({
    state: "indexing",
    folders: [
      { root: "a", progress: { phase: "", done: 5, total: 10, share: 0.5, secondsLeft: 40 } },
      { root: "b", progress: { phase: "", done: 9, total: 10, share: 0.9, secondsLeft: 200 } },
    ],
  });
  const of = (one: Status) => bar({ kind: "running", status: one });
  assert.equal(of(indexing).text, "$(sync~spin) CodeArchaeologist 50 %, 3 min left");
  assert.equal(of(status({})).tooltip, "Ready: 1,200 files, 0 symbols.");
  assert.match(of(status({ state: "paused" })).text, /debug-pause/);
  const ill = status({ health: "warning", problems: [{ severity: 4, message: "No model." }] });
  assert.deepEqual([of(ill).problem, of(ill).tooltip.split("\n").at(-1)], [true, "No model."]);
  assert.equal(bar({ kind: "failed", reason: "why" }).tooltip, "why");
});

test("views choose their welcome by one word", () => {
  assert.equal(context({ kind: "missing" }), "missing");
  assert.equal(context({ kind: "running" }), "starting");
  assert.equal(context({ kind: "running", status: status({ files: 0 }) }), "empty");
  assert.equal(context({ kind: "running", status: status({}) }), "ready");
});

test("findings in groups, the most urgent first", () => {
  const item = (uri: string, rule: string, priority: number) =>
    ({ uri, rule, priority }) as DebtItem;
  const items = [item("a", "x", 10), item("b", "y", 90), item("a", "y", 40)];
  const keys = (by: "file" | "rule" | "priority") =>
    grouped(items, by).map(({ key, items }) => `${key} ${items.map((one) => one.priority)}`);
  assert.deepEqual(keys("file"), ["b 90", "a 40,10"]);
  assert.deepEqual(keys("rule"), ["y 90,40", "x 10"]);
  assert.deepEqual(keys("priority"), ["high 90", "medium 40", "low 10"]);
});

test("a list of new code alone says what it left out, and one of all code nothing", () => {
  const out = { oldCode: 0, ceiling: 0, lists: 0, why: "" };
  assert.equal(left(null), undefined);
  assert.equal(left(out), undefined);
  const some = left({ ...out, oldCode: 1234, ceiling: 1, lists: 2 });
  assert.equal(some?.label, "1,234 findings in old code left out: list all");
  assert.deepEqual(some?.detail.split("\n"), [
    "Editors leave out 1 more finding by the ceiling of each file.",
    "2 findings in this list are not shown in editors.",
  ]);
  const why = "there is no branch to compare with";
  assert.match(left({ ...out, why })?.label ?? "", /counts as new code, since there is no branch/);
});

test("queries are remembered once, the newest first", () => {
  assert.deepEqual(remembered(["b", "a"], " a "), ["a", "b"]);
  assert.deepEqual(suggested(["parse file", "parse", "open"], "Parse"), ["parse file"]);
});

test("an answer to what was typed before is stale", () => {
  const latest = new Latest();
  const first = latest.begin();
  const second = latest.begin();
  assert.deepEqual([first(), second()], [false, true]);
});

test("defaults of the editor are not handed over, since a team's file is weaker", () => {
  const set: Record<string, object> = {
    "search.limit": { defaultValue: 10 },
    "diagnostics.since": { defaultValue: "mergeBase", workspaceValue: "all" },
    "index.exclude": { globalValue: ["a/"] },
  };
  assert.deepEqual(
    explicit(Object.keys(set), (key) => set[key]),
    {
      diagnostics: { since: "all" },
      index: { exclude: ["a/"] },
    },
  );
  assert.deepEqual(serverKeys(["codearch.server.path", "codearch.log.level"]), ["log.level"]);
});

test("a panel's page allows its own script alone", () => {
  const html = page({ script: "s.js", style: 's"><script>', source: "https://own", title: "<b>" });
  assert.match(html, /default-src &#39;none&#39;; script-src &#39;nonce-[0-9a-f]{32}&#39;;/);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.doesNotMatch(html, /unsafe|<b>/);
});
