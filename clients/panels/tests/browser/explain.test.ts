import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";

describe.skipIf(!browserIsThere())("explanations and status in a browser", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(SHOP);
  });
  afterAll(() => here?.close());

  test("a search leads to who calls a function, and on to them", async () => {
    const page = await here.open("search");
    await page.getByLabel("Search by meaning").fill("price with tax");
    await page.locator(".row").filter({ hasText: "gross_price" }).first().click();
    await page.locator(".detail").getByRole("button", { name: "Explain" }).click();
    const callers = page.locator("section").filter({ hasText: "Callers" });
    await callers.getByRole("button", { name: "discounted" }).waitFor();
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
    expect(await page.locator("#panels img, #panels script").count()).toBe(0);
    expect(await page.locator("#panels a").count()).toBe(0);
    await page.locator(".markdown").getByText("<script>window.harmed = true</script>").waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/explain.png` });
    await callers.getByRole("button", { name: "discounted" }).click();
    await page.getByRole("heading", { name: "discounted" }).waitFor();
    await page.getByLabel("Symbol", { exact: true }).fill("nothing_of_that_name");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
  });

  test("keys alone reach all that is told of a symbol", async () => {
    const page = await here.open("explain");
    await page.getByLabel("Symbol", { exact: true }).fill("everything");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "everything" }).waitFor();
    await page
      .getByRole("button", { name: /^prices\.py:\d+$/ })
      .last()
      .waitFor();
    const all = await page.locator(".page button").count();
    const reached = new Set<number>();
    for (let step = 0; step < 2 * all; step++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate(() =>
          [...document.querySelectorAll(".page button")].indexOf(document.activeElement as Element),
        ),
      );
    }
    reached.delete(-1);
    expect(reached.size).toBe(all);
    const finding = page.locator("section").filter({ hasText: "Findings" }).locator(".place");
    await finding.first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".said.on").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/prices\.py:\d+$/);
    await page.getByRole("button", { name: "Similar" }).click();
    await page.getByText("Code similar to everything").waitFor();
  });

  test("the index is brought up to date, paused and resumed", async () => {
    const page = await here.open("status");
    await page.getByRole("button", { name: "Bring up to date" }).click();
    await page.getByText("Up to date after").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("heading", { name: "Ready" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/status.png` });
  });
});
