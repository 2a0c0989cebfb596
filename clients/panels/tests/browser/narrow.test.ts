import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { finding } from "../finding.ts";
import { browserIsThere, CHROMIUM, PICTURES } from "./desk.ts";
import { manyFiles } from "./many.ts";
import { type Answers, explained, hits, listed, shown, status, symbol } from "./stand_in.ts";

const LONG = "settlement_of_every_outstanding_account_of_the_harbour";
const SIGNATURE = `def ${LONG}(${"ledger: dict[str, Account], ".repeat(6)}currency=None) -> Settlement:`;

const PANELS: Record<string, { answers: Answers; act?(page: Page): Promise<unknown> }> = {
  search: {
    answers: { "codearch.search": hits(50) },
    async act(page) {
      await page.getByLabel("Search by meaning").fill(LONG);
      await page.locator(".detail").waitFor();
    },
  },
  debt: {
    answers: {
      "codearch.debt.list": {
        ...listed(3),
        items: [1, 2, 3].map((number) =>
          finding(number, { message: LONG.repeat(3), symbol: LONG }),
        ),
        leftOut: { oldCode: 12_345, ceiling: 67, lists: 8, why: "" },
      },
    },
    act: (page) => page.locator(".detail").waitFor(),
  },
  dashboard: {
    answers: {
      "codearch.debt.list": listed(200),
      "codearch.debt.trends": {
        points: [1, 2, 3].map((day) => ({
          date: `2026-01-0${day}`,
          commit: "abc",
          open: day,
          added: 1,
          resolved: 0,
          effortHours: 1234.5 * day,
          byRule: {},
        })),
        symbols: [],
        notes: [],
      },
    },
    async act(page) {
      await page.getByRole("button", { name: "Dashboard" }).click();
      await page.locator(".matrix").waitFor();
    },
  },
  explain: {
    answers: {
      "codearch.explain": {
        ...explained(9),
        signature: SIGNATURE,
        symbol: { ...symbol(LONG), container: LONG },
      },
    },
    async act(page) {
      await page.getByLabel("Symbol", { exact: true }).fill(LONG);
      await page.keyboard.press("Enter");
      await page.locator(".columns").waitFor();
    },
  },
  graph: {
    answers: { "codearch.graph": manyFiles(24, 40) },
    async act(page) {
      await page.locator('.canvas[data-busy="false"]').waitFor();
      await page.locator(".canvas").focus();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("region", { name: "Chosen node" }).waitFor();
    },
  },
  status: {
    answers: {
      "codearch.status": status({
        health: "error",
        store: { path: `/home/ada/.cache/codearchaeologist/${LONG}-0123456789abcdef`, bytes: 1e9 },
        latency: { [`codearch.${LONG}`]: { count: 12_345, p50Ms: 1234.5, p95Ms: 12_345.6 } },
        problems: [{ severity: 5, message: LONG.repeat(3), mend: `Remove /home/ada/${LONG}` }],
      }),
    },
    act: (page) => page.locator(".figures").waitFor(),
  },
};

/** What is wider than its place, but for code and chips, which are scrolled, and lines that end in dots. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("html, body, #panels, #panels *")]
      .filter((each) => !each.closest("pre, svg, input, .suggestions, .list, .unseen, .canvas"))
      .filter((each) => getComputedStyle(each).textOverflow !== "ellipsis")
      .filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1)
      .map((each) => `${each.outerHTML.slice(0, 120)}: ${each.scrollWidth} > ${each.clientWidth}`),
  );
}

describe.skipIf(!browserIsThere())("beside an editor, 400 pixels wide", () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(PANELS))("nothing runs off: %s", async (name, { answers, act }) => {
    const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
    await shown(page, name === "dashboard" ? "debt" : name, {
      "codearch.status": status(),
      "codearch.symbols": { symbols: [symbol(LONG)] },
      ...answers,
    });
    await act?.(page);
    await page.screenshot({ path: `${PICTURES}/narrow-${name}.png` });
    expect(await tooWide(page)).toEqual([]);
    const detail = page.locator(".detail");
    if (await detail.count()) {
      const { y = 0, height = 0 } = (await detail.boundingBox()) ?? {};
      expect(y + height).toBeLessThanOrEqual(800);
    }
    const signature = page.locator(".page > .code");
    if (await signature.count()) {
      expect(await signature.evaluate((each) => each.scrollWidth <= each.clientWidth)).toBe(true);
    }
    await page.close();
  });
});
