import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";

describe.skipIf(!browserIsThere())("search in a browser", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(SHOP);
  });
  afterAll(() => here?.close());

  test("finds while one types, and keys lead to a place", async () => {
    const page = await here.open("search");
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.locator("input:focus").waitFor(); // nobody has to click first
    await page.keyboard.type("price with tax");
    const row = page.getByRole("option").filter({ hasText: "gross_price" });
    await row.first().waitFor();
    expect(page.url()).not.toContain("token");
    await page.getByText("Return the price with its tax").waitFor();
    expect(await page.locator(".detail mark").count()).toBeGreaterThan(0);
    expect(await page.locator(".chips li").count()).toBeGreaterThan(0);
    await page.screenshot({ path: `${PICTURES}/search.png` });
    await page.keyboard.press("ArrowDown");
    const chosen = page.locator('[role="option"][aria-selected="true"]');
    await expect.poll(() => chosen.getAttribute("aria-posinset")).toBe("2");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => chosen.getAttribute("aria-posinset")).toBe("1");
    await page.keyboard.press("Enter");
    await page.locator(".said.on").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/\.py:\d+$/);
    expect(said).toEqual([]);
    expect(await faults(page)).toEqual([]);
  });

  test("filters narrow, and nothing found says so", async () => {
    const page = await here.open("search");
    await page.getByLabel("Search by meaning").fill("price");
    await page.locator(".row").first().waitFor();
    await page.getByLabel("Language").selectOption("java");
    await page.getByText("Nothing was found").waitFor();
  });

  test("hostile names and code are text", async () => {
    const page = await here.open("search", { colorScheme: "dark" });
    await page.getByLabel("Search by meaning").fill("weigh hostile good");
    await page.getByText("onerror=alert(1)").first().waitFor();
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
    expect(await page.locator("#panels img, #panels script").count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/search-dark.png` });
  });
});
