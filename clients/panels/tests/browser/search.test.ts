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
    const row = page.getByRole("treeitem").filter({ hasText: "gross_price" });
    await row.first().waitFor();
    expect(page.url()).not.toContain("token");
    await page.getByText("Return the price with its tax").waitFor();
    expect(await page.locator(".detail mark").count()).toBeGreaterThan(0);
    expect(await page.locator(".chips li").count()).toBeGreaterThan(0);
    await page.screenshot({ path: `${PICTURES}/search.png` });
    await page.keyboard.press("ArrowDown");
    const chosen = page.locator('[role="treeitem"][aria-selected="true"]');
    await expect.poll(() => chosen.getAttribute("aria-posinset")).toBe("2");
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => chosen.getAttribute("aria-posinset")).toBe("1");
    await expect.poll(() => chosen.getAttribute("aria-level")).toBe("2");
    await page.keyboard.press("Enter");
    await page.locator(".said.on").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/\.py:\d+$/);
    expect(said).toEqual([]);
    expect(await faults(page)).toEqual([]);
  });

  test("results stand below their files, which fold by keys and by a click", async () => {
    const page = await here.open("search");
    await page.getByLabel("Search by meaning").fill("price with tax");
    const heads = page.locator('[role="treeitem"][aria-level="1"]');
    await heads.first().waitFor();
    const files = await heads.count();
    expect(files).toBeGreaterThan(1);
    await page.keyboard.press("ArrowUp");
    await page.getByRole("tree").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => heads.first().getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => heads.first().getAttribute("aria-expanded")).toBe("true");
    await heads.first().click();
    await expect.poll(() => heads.first().getAttribute("aria-expanded")).toBe("false");
    await page.getByRole("button", { name: "Collapse all" }).click();
    await expect.poll(() => page.getByRole("treeitem").count()).toBe(files);
    expect(await faults(page)).toEqual([]);
    await page.getByRole("button", { name: "By file" }).click();
    await page.getByRole("option").filter({ hasText: "gross_price" }).first().waitFor();
  });

  test("names and recent searches are suggested, and forgotten when asked to", async () => {
    const page = await here.open("search");
    const field = page.getByLabel("Search by meaning");
    await field.fill("tax of gross_pr");
    const suggestions = page.getByRole("list", { name: "Suggestions" });
    await suggestions.getByRole("button", { name: "gross_price", exact: true }).click();
    await expect.poll(() => field.inputValue()).toBe("tax of gross_price");
    await page.locator(".detail mark").first().waitFor();
    await page.keyboard.press("Enter"); // what led somewhere is kept
    await page.locator(".said.on").waitFor();
    await field.fill("tax");
    await suggestions.getByRole("button", { name: "recent tax of gross_price" }).waitFor();
    // Another browser on the same folder knows it too: the bridge keeps it, not the page.
    const other = await here.open("search");
    await other.getByRole("button", { name: "tax of gross_price", exact: true }).click();
    await other.locator(".detail mark").first().waitFor();
    await other.getByLabel("Search by meaning").fill("");
    await field.fill("");
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => page.getByText("Recent searches").count()).toBe(0);
    await expect.poll(() => other.getByText("Recent searches").count()).toBe(0);
  });

  test("code like a result, or like what is selected in it, is a search away", async () => {
    const page = await here.open("search");
    await page.getByLabel("Search by meaning").fill("gross_price");
    await page.locator(".detail mark").first().waitFor();
    await page.getByRole("button", { name: "Similar" }).click();
    await page.getByText("Code similar to gross_price").waitFor();
    await page.locator("input:focus").waitFor();
    await page.getByRole("button", { name: "Back to the search" }).click();
    await page.locator(".detail .code").first().waitFor();
    await page.locator(".detail .code").selectText();
    await page.getByRole("button", { name: "Similar to the selection" }).click();
    await page.locator(".about b").filter({ hasText: "def " }).waitFor();
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
