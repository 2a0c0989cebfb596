import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";
import { shown } from "./stand_in.ts";

const HOSTILE = "evil/<img src=x onerror=alert(1)>.py";
const FILES = {
  ...SHOP,
  [HOSTILE]: "from prices import gross_price\n\n\ndef harm():\n    return gross_price(1, 2)\n",
  "evil/late.py": "from bill import total\n\n\ndef late():\n    return total([])\n",
};

async function drawn(page: Page): Promise<void> {
  await page.locator('.canvas[data-busy="false"]').waitFor();
}

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

describe.skipIf(!browserIsThere())("the code graph in a browser", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(FILES);
    const page = await here.open("status");
    await page.getByRole("button", { name: "Bring up to date" }).click();
    await page.getByText("Up to date after").waitFor();
  });
  afterAll(() => here?.close());

  for (const [theme, options] of [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["contrast", { colorScheme: "dark", contrast: "more" }],
    ["forced", { forcedColors: "active" }],
  ] as const) {
    test(`can be read and steered by keys alone, ${theme}`, async () => {
      const page = await here.open("graph", { ...options, reducedMotion: "reduce" });
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      await drawn(page);
      await page.locator(".canvas").focus();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("region", { name: "Chosen node" }).waitFor();
      for (const colour of ["churn", "debt", "language"]) {
        await page.getByLabel("Colour by").selectOption(colour);
        await drawn(page);
        expect(await faults(page)).toEqual([]);
        await page.screenshot({ path: `${PICTURES}/graph-${colour}-${theme}.png` });
      }
      await page.getByRole("button", { name: "List", exact: true }).click();
      await page.getByRole("listbox", { name: "Nodes" }).waitFor();
      expect(await faults(page)).toEqual([]);
      await page.screenshot({ path: `${PICTURES}/graph-list-${theme}.png` });
      expect(said).toEqual([]); // nothing was refused by the page's policy
    });
  }

  test("folders open to files and files to symbols, and close again", async () => {
    const page = await here.open("graph");
    await page.getByLabel("Show", { exact: true }).selectOption("calls");
    await page.getByRole("button", { name: "Folders", exact: true }).click();
    await page.getByRole("button", { name: "List", exact: true }).click();
    const row = (name: string) => page.getByRole("option").filter({ hasText: name });
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await row("bill.py").first().click();
    await page.keyboard.press("Enter");
    await row("total").first().waitFor();
    await page.getByRole("listbox").focus();
    await row("total").first().click();
    await page.getByText("leads to").first().waitFor();
    const about = page.getByRole("region", { name: "Chosen node" });
    await about.getByRole("button", { name: "prices.py" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => row("function").count()).toBe(0);
    await row("bill.py").first().waitFor();
  });

  test("of a drawing too small to read, the names of boxes and of the largest files can be", async () => {
    const page = await here.open("graph");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await drawn(page);
    const legible = (selector: string) =>
      page.evaluate((chosen) => {
        type Drawn = Element & { drawing: import("cytoscape").Core };
        const { drawing } = document.querySelector(".canvas") as Drawn;
        const pixels = drawing
          .nodes(chosen)
          .map((node) => Number.parseFloat(node.style("font-size")) * drawing.zoom());
        return pixels.filter((each) => each >= 10).length / pixels.length;
      }, selector);
    for (let times = 0; times < 9; times++)
      await page.getByRole("button", { name: "Zoom out" }).click();
    await expect.poll(() => legible(":parent")).toBeGreaterThan(0);
    expect(await legible(":childless")).toBeLessThan(1);
    for (let times = 0; times < 14; times++)
      await page.getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(() => legible(":childless")).toBe(1);
  });

  test("a smaller canvas shows all still, or the chosen node where somebody has zoomed", async () => {
    const page = await here.open("graph");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await drawn(page);
    const seen = () =>
      page.evaluate(() => {
        type Drawn = Element & { drawing: import("cytoscape").Core };
        const { drawing } = document.querySelector(".canvas") as Drawn;
        const { x1, y1, x2, y2 } = drawing.elements().renderedBoundingBox();
        const [width, height] = [drawing.width(), drawing.height()];
        const chosen = drawing.nodes(".chosen").first();
        const at = chosen.length ? chosen.renderedPosition() : { x: -1, y: -1 };
        return {
          width,
          all: x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height,
          chosen: at.x >= 0 && at.y >= 0 && at.x <= width && at.y <= height,
          zoom: drawing.zoom(),
        };
      });
    const before = await seen();
    expect(before.all).toBe(true);
    await page.setViewportSize({ width: 700, height: 500 });
    await expect.poll(async () => (await seen()).width).toBeLessThan(before.width);
    await expect.poll(async () => (await seen()).all).toBe(true);
    // What is known of a node stands beside the drawing, and takes room from it.
    const { width } = await seen();
    await page.locator(".canvas").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await seen()).width).toBeLessThan(width);
    await expect.poll(seen).toMatchObject({ all: true, chosen: true });
    for (let times = 0; times < 6; times++) await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await expect.poll(seen).toMatchObject({ all: false, chosen: true });
    const { zoom, width: narrow } = await seen();
    await page.setViewportSize({ width: 660, height: 360 });
    await expect.poll(async () => (await seen()).width).toBeLessThan(narrow);
    await expect.poll(seen).toMatchObject({ zoom, all: false, chosen: true });
  });

  test("cycles show where they are best cut", async () => {
    const page = await here.open("graph");
    await page.getByLabel("Show", { exact: true }).selectOption("cycles");
    await page.getByText("2 nodes, 2 links").waitFor();
    await page.getByLabel("Find in the graph").fill("cycle_a");
    await page.getByText("1 found").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("best cut here").waitFor();
  });

  test("a symbol's explanation leads to its place in the graph", async () => {
    const page = await here.open("explain");
    await page.getByLabel("Symbol", { exact: true }).fill("gross_price");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Show in graph" }).click();
    await page.getByRole("heading", { name: "gross_price" }).waitFor();
    await page.getByText("Only the neighbours of gross_price").waitFor();
    await drawn(page);
    await page.screenshot({ path: `${PICTURES}/graph-symbol.png` });
    await page.getByRole("region", { name: "Chosen node" }).getByText("discounted").waitFor();
  });

  test("hostile names are text, on the page and in what is saved", async () => {
    const page = await here.open("graph");
    await drawn(page);
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByLabel("Find in the graph").fill("onerror");
    await page.getByText("1 found").waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "onerror" }).waitFor();
    await drawn(page);
    const svg = await saved(page, "Save SVG");
    const mermaid = await saved(page, "Save Mermaid");
    expect(svg).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(svg).not.toContain("<img");
    const shape = await page.evaluate((text) => {
      const read = new DOMParser().parseFromString(text, "image/svg+xml");
      return [
        read.documentElement.localName,
        read.querySelectorAll("parsererror, script, img").length,
      ];
    }, svg);
    expect(shape).toEqual(["svg", 0]);
    expect(mermaid).toMatch(/^flowchart LR\n/);
    expect(mermaid).toContain("#60;img src#61;x onerror#61;alert#40;1#41;#62;.py");
    expect(mermaid).not.toMatch(/[<>](?!\s|\|)/m);
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
    expect(await page.locator("#panels img, #panels script").count()).toBe(0);
  });

  test("what is loading, empty, or went wrong says so", async () => {
    const none = { nodes: [], edges: [], leftOut: 0 };
    const page = () => here.browser.newPage();
    const empty = await page();
    await shown(empty, "graph", { "codearch.graph": none });
    await empty.getByText("No file here imports another one.").waitFor();
    const waiting = await page();
    await shown(waiting, "graph", { "codearch.graph": "never" });
    await waiting.locator(".busy.on").waitFor({ state: "attached" });
    const failed = await page();
    await shown(failed, "graph", { "codearch.graph": new Error("The index cannot be read.") });
    await failed.getByRole("alert").getByText("The index cannot be read.").waitFor();
    for (const each of [empty, waiting, failed]) await each.close();
  });
});
