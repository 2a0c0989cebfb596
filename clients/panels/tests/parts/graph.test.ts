import type { EdgeForm, Graph, NodeForm } from "@codearch/protocol";
import { describe, expect, test } from "vitest";
import { classes } from "../../src/panels/graph/classes.ts";
import { mermaid } from "../../src/panels/graph/exporting.tsx";
import { found, levelled, marked, stepped } from "../../src/panels/graph/finding.ts";
import { neighbours, openedAtFirst, shown } from "../../src/panels/graph/shown.ts";
import { grown, type Symbols } from "../../src/panels/graph/tree.ts";

const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };

function node(id: string, more: Partial<NodeForm> = {}): NodeForm {
  const whole = { id, label: id, kind: "file", uri: `file:///w/${id}`, range };
  return { ...whole, lines: 10, complexity: 1, debt: 1.5, churn: 2, ...more };
}

function edge(source: string, target: string, count = 1, more: Partial<EdgeForm> = {}): EdgeForm {
  return { source, target, kind: "import", count, confidence: 1, deferred: false, ...more };
}

function graph(edges: EdgeForm[]): Graph {
  const ids = [...new Set(edges.flatMap((each) => [each.source, each.target]))];
  return { nodes: ids.map((id) => node(id)), edges, leftOut: 0 };
}

const NONE: Symbols = new Map();
const ids = (units: readonly { id: string }[]) => units.map((unit) => unit.id).sort();
const SHOP = graph([
  edge("src/shop/a.py", "src/shop/b.py", 3),
  edge("src/shop/a.py", "src/bills/c.py", 2),
  edge("src/shop/b.py", "src/bills/c.py", 5, { deferred: true }),
  edge("tool.py", "src/shop/a.py"),
]);

describe("what is in sight of a graph", () => {
  test("shut folders stand for what they hold, their links added up", () => {
    const tree = grown(SHOP, NONE);
    const all = shown(tree, new Set(["src/"]));
    expect(ids(all.nodes)).toEqual(["src/bills/", "src/shop/", "tool.py"]);
    expect(ids(all.boxes)).toEqual(["src/"]);
    const { from, into } = neighbours(all, "src/shop/");
    expect(from).toEqual([
      { source: "src/shop/", target: "src/bills/", count: 7, faint: false, cut: false },
    ]);
    expect(into.map((link) => link.source)).toEqual(["tool.py"]);
    const shop = all.nodes.find((unit) => unit.id === "src/shop/");
    expect(shop).toMatchObject({ label: "shop/", lines: 20, debt: 3, churn: 4, count: 2 });
  });

  test("an open folder shows its files, and a link is faint where all in it are", () => {
    const all = shown(grown(SHOP, NONE), new Set(["src/", "src/shop/"]));
    expect(ids(all.nodes)).toEqual(["src/bills/", "src/shop/a.py", "src/shop/b.py", "tool.py"]);
    const faint = all.links.filter((link) => link.faint);
    expect(faint.map((link) => link.source)).toEqual(["src/shop/b.py"]);
  });

  test("a folder that holds one folder and nothing else is a part of its name", () => {
    const tree = grown(graph([edge("a/b/c/one.py", "a/b/d/two.py")]), NONE);
    const all = shown(tree, new Set());
    expect(all.nodes.map((unit) => unit.label)).toEqual(["a/b/"]);
  });

  test("symbols of an open file replace what its file was linked with", () => {
    const symbols: Graph = {
      nodes: [
        node("1", { label: "pay", kind: "function", uri: "file:///w/src/shop/a.py" }),
        node("2", { label: "sum", kind: "function", uri: "file:///w/src/shop/b.py" }),
      ],
      edges: [edge("1", "2", 3)],
      leftOut: 0,
    };
    const tree = grown(SHOP, new Map([["src/shop/a.py", symbols]]));
    const all = shown(tree, new Set(["src/", "src/shop/", "src/shop/a.py"]));
    expect(ids(all.nodes)).toEqual(["1", "src/bills/", "src/shop/b.py", "tool.py"]);
    expect(neighbours(all, "1").from.map((link) => [link.target, link.count])).toEqual([
      ["src/shop/b.py", 3],
    ]);
  });

  test("only the neighbours of a node, where they alone are asked for", () => {
    const open = new Set(["src/", "src/shop/", "src/bills/"]);
    const all = shown(grown(SHOP, NONE), open, { id: "tool.py", steps: 1 });
    expect(ids(all.nodes)).toEqual(["src/shop/a.py", "tool.py"]);
  });

  test("begins with few nodes, and leaves the least connected out beyond two thousand", () => {
    const many = Array.from({ length: 2500 }, (_, at) => edge(`d${at % 50}/f${at}.py`, "d0/f0.py"));
    const tree = grown(graph(many), NONE);
    expect(shown(tree, openedAtFirst(tree)).nodes.length).toBeLessThanOrEqual(50);
    const folders = new Set(many.map((each) => each.source.replace(/[^/]*$/, "")));
    const all = shown(tree, folders);
    expect([all.nodes.length, all.leftOut]).toEqual([2000, 500]);
    expect(ids(all.nodes)).toContain("d0/f0.py");
  });
});

test("the best cut is marked", () => {
  const cut = edge("b.py", "a.py");
  const cycle = { files: ["a.py", "b.py"], shortest: ["a.py", "b.py"], cut, freed: 2 };
  const tree = grown({ ...graph([edge("a.py", "b.py"), cut]), cycles: [cycle] }, NONE);
  expect(tree.links.filter((link) => link.cut).map((link) => link.source)).toEqual(["b.py"]);
});

test("colours come with a form or a border, and with words", () => {
  const tree = grown(graph([edge("a.py", "b.go"), edge("a.py", "lib/c.go")]), NONE);
  const by = classes("language", tree);
  const [go, python] = by.all;
  expect([go?.name, python?.name]).toEqual(["Go", "Python"]);
  expect(go?.shape).not.toBe(python?.shape);
  const folder = tree.units.get("lib/");
  expect(folder && by.said(folder)).toBe("Go");
  const debt = classes("debt", tree);
  expect(new Set(debt.all.map((each) => each.border)).size).toBe(debt.all.length);
  expect(folder && [debt.of(folder).name, debt.said(folder)]).toEqual(["Under 4 h", "1.5 h"]);
});

test("Mermaid gets open folders as subgraphs, and no name can end a label", () => {
  const tree = grown(
    graph([edge('x/"]<script>`.py', "x/y.py", 4), edge("z/y.py", "x/y.py")]),
    NONE,
  );
  expect(mermaid(shown(tree, new Set(["x/"])))).toBe(
    [
      "flowchart LR",
      '  subgraph n0["x/"]',
      '    n1["#34;#93;#60;script#62;#96;.py"]',
      '    n2["y.py"]',
      "  end",
      '  n3[/"z/"/]',
      "  n1 -->|4| n2",
      "  n3 --> n2",
      "",
    ].join("\n"),
  );
});

describe("what is found in a graph", () => {
  const tree = grown(SHOP, NONE);

  test("lies also in folders that are shut, the nearest to the surface first", () => {
    expect(found(tree, " SHOP ")).toEqual(["src/shop/", "src/shop/a.py", "src/shop/b.py"]);
    expect(found(tree, ".py").slice(0, 1)).toEqual(["tool.py"]);
    expect([found(tree, "  "), found(tree, "absent")]).toEqual([[], []]);
  });

  test("is gone through in both directions, round about", () => {
    const hits = ["a", "b", "c"];
    const forth = [undefined, "a", "c", "elsewhere"].map((chosen) => stepped(hits, chosen, false));
    expect(forth).toEqual(["a", "b", "a", "a"]);
    expect(["c", "a"].map((chosen) => stepped(hits, chosen, true))).toEqual(["b", "c"]);
    expect(stepped([], "a", false)).toBeUndefined();
  });

  test("stands out of what is shown, else one class of it does, or nothing", () => {
    const all = shown(tree, new Set(["src/", "src/shop/"]));
    const by = classes("language", tree);
    expect(marked(all, by, undefined, undefined)).toBeUndefined();
    expect([...(marked(all, by, ["tool.py", "src/bills/c.py"], "Python") ?? [])]).toEqual([
      "tool.py",
    ]);
    expect([...(marked(all, by, undefined, "Rust") ?? ["all"])]).toEqual([]);
    expect([...(marked(all, by, [], undefined) ?? ["all"])]).toEqual([]);
    expect([...(marked(all, by, undefined, "Python") ?? [])].sort()).toEqual([
      "src/bills/",
      "src/shop/a.py",
      "src/shop/b.py",
      "tool.py",
    ]);
  });

  test("a level opens the boxes above it", () => {
    expect(levelled(tree, "file")).toEqual(["src/", "src/shop/", "src/bills/"]);
    const files = ["src/shop/a.py", "src/shop/b.py", "src/bills/c.py", "tool.py"];
    expect(levelled(tree, "symbol")).toEqual([...levelled(tree, "file"), ...files]);
  });
});
