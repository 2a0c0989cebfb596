import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, CHROMIUM, faults, PICTURES } from "./desk.ts";
import { manyFiles } from "./many.ts";
import { type Answers, explained, hits, listed, shown, status } from "./stand_in.ts";

const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  contrast: { colorScheme: "dark", contrast: "more" },
  forced: { forcedColors: "active" },
} as const;

interface State {
  panel: string;
  answers: Answers;
  act?(page: Page): Promise<unknown>;
  /** What says that the state is there. */
  seen: string;
}

const typed = (page: Page) => page.getByLabel("Search by meaning").fill("how is it paid");
const named = async (page: Page) => {
  await page.getByLabel("Symbol", { exact: true }).fill("pay");
  await page.keyboard.press("Enter");
};
const dashboard = (page: Page) => page.getByRole("button", { name: "Dashboard" }).click();
const ORDER = ["header", "results", "detail"];
const steered = async (page: Page) => {
  await page.getByLabel("Colour by").selectOption("debt");
  await page.locator(".canvas").focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("region", { name: "Chosen node" }).waitFor();
};
const failed = new Error("It broke <b>here</b>.");

const STATES: Record<string, State> = {
  "search, empty": { panel: "search", answers: {}, seen: "text=Describe what you look for" },
  "search, loading": {
    panel: "search",
    answers: { "codearch.search": "never" },
    act: typed,
    seen: ".busy.on",
  },
  "search, partial": {
    panel: "search",
    answers: { "codearch.search": hits(50, false) },
    act: typed,
    seen: ".partial",
  },
  "search, nothing": {
    panel: "search",
    answers: { "codearch.search": hits(0) },
    act: typed,
    seen: "text=Nothing was found",
  },
  "search, error": {
    panel: "search",
    answers: { "codearch.search": failed },
    act: typed,
    seen: "[role=alert] >> text=<b>here</b>",
  },
  "debt, empty": {
    panel: "debt",
    answers: { "codearch.debt.list": listed(0) },
    seen: "text=There are no such findings",
  },
  "debt, loading": {
    panel: "debt",
    answers: { "codearch.debt.list": "never" },
    seen: ".busy.on",
  },
  "debt, error": {
    panel: "debt",
    answers: { "codearch.debt.list": failed },
    seen: "[role=alert]",
  },
  "debt, ten thousand of more": {
    panel: "debt",
    answers: { "codearch.debt.list": listed(10_000, 12_345) },
    seen: ".partial",
  },
  "dashboard, empty": {
    panel: "debt",
    answers: {
      "codearch.debt.list": listed(0),
      "codearch.debt.trends": { points: [], symbols: [], notes: [] },
    },
    act: dashboard,
    seen: "text=There is no history to show",
  },
  "dashboard, of ten thousand and an error": {
    panel: "debt",
    answers: { "codearch.debt.list": listed(10_000), "codearch.debt.trends": failed },
    act: dashboard,
    seen: "[role=alert]",
  },
  "explain, empty": { panel: "explain", answers: {}, seen: "text=Name a symbol" },
  "explain, loading": {
    panel: "explain",
    answers: { "codearch.explain": "never" },
    act: named,
    seen: ".busy.on",
  },
  "explain, error": {
    panel: "explain",
    answers: { "codearch.explain": failed },
    act: named,
    seen: "[role=alert]",
  },
  "explain, nothing known": {
    panel: "explain",
    answers: { "codearch.explain": explained(0) },
    act: named,
    seen: "text=None found",
  },
  "explain, ten thousand callers": {
    panel: "explain",
    answers: { "codearch.explain": explained(10_000) },
    act: named,
    seen: "text=9,970 more",
  },
  "graph, empty": {
    panel: "graph",
    answers: { "codearch.graph": { nodes: [], edges: [], leftOut: 0 } },
    seen: "text=No file here imports another one.",
  },
  "graph, loading": {
    panel: "graph",
    answers: { "codearch.graph": "never" },
    seen: ".busy.on",
  },
  "graph, drawing": {
    panel: "graph",
    answers: { "codearch.graph": manyFiles(24, 40) },
    act: steered,
    seen: '.canvas[data-busy="false"]',
  },
  "graph, drawing of what was left out": {
    panel: "graph",
    answers: { "codearch.graph": { ...manyFiles(500, 900), leftOut: 1234 } },
    act: (page) => page.getByRole("button", { name: "Files", exact: true }).click(),
    seen: '.canvas[data-busy="false"]',
  },
  "graph, list": {
    panel: "graph",
    answers: { "codearch.graph": manyFiles(24, 40) },
    act: async (page) => {
      await page.getByRole("button", { name: "List", exact: true }).click();
      await page.locator(".row").nth(2).click();
    },
    seen: "[role=listbox]",
  },
  "graph, error": {
    panel: "graph",
    answers: { "codearch.graph": failed },
    seen: "[role=alert]",
  },
  "status, loading": {
    panel: "status",
    answers: { "codearch.status": "never" },
    seen: ".busy.on",
  },
  "status, error": {
    panel: "status",
    answers: { "codearch.status": failed },
    seen: "[role=alert]",
  },
  "status, problems": {
    panel: "status",
    answers: {
      "codearch.status": status({
        state: "indexing",
        health: "error",
        problems: [{ severity: 5, message: "<b>Broken</b>", mend: "Mend it" }],
      }),
    },
    seen: "text=<b>Broken</b>",
  },
};

/** The colours of the nodes that are drawn, and those of the legend's signs. */
async function colours(
  page: Page,
): Promise<Record<"drawn" | "legend", string[]> & { fore: string }> {
  return page.evaluate(() => {
    type Drawn = Element & { drawing: import("cytoscape").Core };
    const nodes = (document.querySelector(".canvas") as Drawn).drawing.nodes(":childless");
    const signs = [...document.querySelectorAll(".swatch > *")];
    const each = (found: string[]) => [...new Set(found)].map((one) => one.replaceAll(" ", ""));
    return {
      drawn: each(nodes.map((node) => node.style("background-color"))),
      legend: each(signs.map((sign) => getComputedStyle(sign).fill)),
      fore: nodes.first().style("color").replaceAll(" ", ""),
    };
  });
}

describe.skipIf(!browserIsThere())("each panel in each state", () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  afterAll(() => browser?.close());

  async function opened(
    { panel, answers, act, seen }: State,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await shown(page, panel, {
      "codearch.status": status(),
      "codearch.symbols": { symbols: [] },
      ...answers,
    });
    await act?.(page);
    await page.locator(seen).first().waitFor();
    return page;
  }

  describe.each(Object.entries(THEMES))("%s", (theme, options) => {
    test.each(Object.entries(STATES))("%s", async (name, state) => {
      const page = await opened(state, { ...options, reducedMotion: "reduce" });
      expect(await faults(page)).toEqual([]);
      expect(await page.evaluate(() => "harmed" in window)).toBe(false);
      expect(await page.locator("#panels img, #panels script, #panels a").count()).toBe(0);
      await page.screenshot({ path: `${PICTURES}/states/${name}, ${theme}.png` });
      await page.context().close();
    });
  });

  test.each(Object.entries(THEMES))(
    "the legend has the drawing's colours, %s",
    async (_, theme) => {
      const page = await opened(STATES["graph, drawing"] as State, theme);
      const { drawn, legend, fore } = await colours(page);
      expect(drawn.length).toBeGreaterThan(1);
      expect(legend).toEqual(expect.arrayContaining(drawn));
      expect(drawn).not.toContain(fore); // as all would be where the system forces its colours
      await page.context().close();
    },
  );

  test("an editor's theme goes before the system's", async () => {
    const state = STATES["graph, drawing"] as State;
    const dark = await opened(state, THEMES.dark);
    const page = await opened(state, THEMES.light);
    const seen = await colours(dark);
    expect(await colours(page)).not.toEqual(seen);
    await page.evaluate(() => document.body.classList.add("vscode-dark"));
    await expect.poll(() => colours(page)).toEqual(seen);
    for (const each of [dark, page]) await each.context().close();
  });

  test("of ten thousand rows few are in the page, and keys lead to the last", async () => {
    const page = await opened(STATES["debt, ten thousand of more"] as State);
    expect(await page.locator(".row").count()).toBeLessThan(100);
    await page.locator(".list").focus();
    await page.keyboard.press("End");
    await page.locator('.row[aria-selected="true"]').waitFor();
    expect(await page.locator(".row").count()).toBeLessThan(100);
    await page.context().close();
  });

  test("nothing moves by itself for whoever wants it so", async () => {
    const still = { reducedMotion: "reduce" } as const;
    const page = await opened(STATES["debt, loading"] as State, still);
    const moving = () => page.evaluate(() => document.getAnimations().length);
    expect(await moving()).toBe(0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    expect(await moving()).toBe(1);
    await page.context().close();
  });

  test("what is chosen and what has the focus is seen without colours", async () => {
    const page = await opened(STATES["search, partial"] as State, THEMES.forced);
    const outline = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((each) => getComputedStyle(each).outlineStyle);
    expect(await outline('.row[aria-selected="true"]')).toBe("solid");
    expect(await outline('button[aria-pressed="true"]')).toBe("solid");
    expect(await outline("input:focus")).toBe("solid");
    await page.context().close();
  });

  test("the focus goes from top to bottom, then from left to right, and is never lost", async () => {
    const page = await opened(STATES["search, partial"] as State);
    const passed: { part: string; top: number }[] = [];
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press("Tab");
      passed.push(
        await page.evaluate(() => {
          const at = document.activeElement as HTMLElement;
          const part = at.closest("header, .results, .detail");
          const top = at.getBoundingClientRect().top;
          return { part: part?.className || (part?.tagName.toLowerCase() ?? "none"), top };
        }),
      );
    }
    const parts = passed.map(({ part }) => part);
    expect([...new Set(parts)]).toEqual(["header", "results", "detail"]);
    expect(parts).toEqual(
      [...parts].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other)),
    );
    for (const each of ORDER) {
      const tops = passed.filter(({ part }) => part === each).map(({ top }) => top);
      expect(tops.slice(1).every((top, index) => top >= (tops[index] ?? 0) - 10)).toBe(true);
    }
    await page.context().close();
  });
});
