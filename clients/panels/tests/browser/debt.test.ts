import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";

describe.skipIf(!browserIsThere())("debt in a browser", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(SHOP);
  });
  afterAll(() => here?.close());

  test("is listed, grouped, and what somebody says of a finding is kept", async () => {
    const page = await here.open("debt");
    await page.locator(".row .finding").first().waitFor();
    await page.getByLabel("Group by").selectOption("rule");
    await page.locator(".list").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.getByLabel("Why, for whoever comes after").fill("It <b>is</b> meant so");
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/debt.png` });
    await page.locator(".detail").getByLabel("Status").selectOption("wontFix");
    await page.getByRole("button", { name: "Set status" }).click();
    await expect
      .poll(() => readFileSync(join(here.root, ".codearch/debt.toml"), "utf8"), { timeout: 20_000 })
      .toContain("It <b>is</b> meant so");
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
  });

  test("is seen as a whole, and each part leads to the list", async () => {
    const page = await here.open("debt");
    await page.getByRole("button", { name: "Dashboard" }).click();
    await page.getByRole("heading", { name: "Impact and effort" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/dashboard.png` });
    await page.locator(".matrix button:enabled").first().click();
    await page.getByRole("button", { name: "Show all" }).waitFor();
    await page.locator(".row .finding").first().waitFor();
  });
});
