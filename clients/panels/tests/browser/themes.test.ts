import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";

const CASES = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["contrast", { colorScheme: "dark", contrast: "more" }],
  ["forced", { forcedColors: "active" }],
] as const;

async function filled(page: Page, panel: string): Promise<void> {
  if (panel === "debt") await page.locator(".row .below").first().waitFor();
  if (panel === "status") await page.locator(".figures").waitFor();
  if (panel === "explain") {
    await page.getByLabel("Symbol", { exact: true }).fill("gross_price");
    await page.keyboard.press("Enter");
    await page.locator(".columns").waitFor();
  }
  if (panel === "search") {
    await page.getByLabel("Search by meaning").fill("price with tax");
    await page.locator(".detail mark").first().waitFor();
  }
}

describe.skipIf(!browserIsThere())("each panel in each theme", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(SHOP);
    const page = await here.open("status");
    await page.getByRole("button", { name: "Bring up to date" }).click();
    await page.getByText("Up to date after").waitFor();
  });
  afterAll(() => here?.close());

  for (const [theme, options] of CASES) {
    test.each(["search", "debt", "explain", "status"])(`%s, ${theme}`, async (panel) => {
      const page = await here.open(panel, { ...options, reducedMotion: "reduce" });
      await filled(page, panel);
      expect(await faults(page)).toEqual([]);
      await page.screenshot({ path: `${PICTURES}/${panel}-${theme}.png` });
    });
  }

  test("keys alone lead from the tabs to a finding", async () => {
    const page = await here.open("search");
    await page.getByRole("button", { name: "Debt" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".list").waitFor();
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press("Tab");
      if (await page.locator(".list:focus").count()) break;
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator(".row").first().getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.locator(".detail").waitFor();
  });
});
