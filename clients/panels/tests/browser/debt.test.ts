import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserIsThere, committed, type Desk, desk, faults, PICTURES } from "./desk.ts";
import { SHOP } from "./shop.ts";

const GROWN = Array.from({ length: 5 }, (_, year) => `# TODO: look at year ${year} again\n`);

describe.skipIf(!browserIsThere())("debt in a browser", () => {
  let here: Desk;
  beforeAll(async () => {
    here = await desk(SHOP, (root) => {
      for (const [year, note] of GROWN.entries()) {
        writeFileSync(join(root, `year${year}.py`), note);
        committed(root, `Year ${year}`, `${2020 + year}-03-01T12:00:00Z`);
      }
    });
  });
  afterAll(() => here?.close());

  test("is listed, grouped, and what somebody says of a finding is kept", async () => {
    const page = await here.open("debt");
    await page.locator(".row .below").first().waitFor();
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

  test("went from commit to commit, as a chart and in numbers", async () => {
    const page = await here.open("debt");
    await page.getByRole("button", { name: "Dashboard" }).click();
    await page.locator(".chart circle").nth(1).waitFor({ state: "attached", timeout: 50_000 });
    expect(await page.locator(".chart circle").count()).toBeGreaterThanOrEqual(GROWN.length);
    await page.getByText("As a table").click();
    const rows = page.locator(".chart tbody tr");
    expect(await rows.count()).toBe(await page.locator(".chart circle").count());
    const open = (await rows.locator("td:nth-child(2)").allTextContents()).map(Number);
    expect(open.at(-1)).toBe((open[0] ?? 0) + GROWN.length);
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/trend.png` });
  });

  test("of new code alone says what it leaves out", async () => {
    writeFileSync(join(here.root, "fresh.py"), "# TODO: write it <b>well</b>\n");
    const page = await here.open("status");
    await page.getByRole("button", { name: "Bring up to date" }).click();
    await page.getByText("Up to date after").waitFor();
    await page.getByRole("button", { name: "Debt", exact: true }).click();
    await page.getByText("write it <b>well</b>").first().waitFor();
    const before = await page.locator(".row .below").count();
    expect(before).toBeGreaterThan(1);
    await page.getByRole("button", { name: "New code only" }).click();
    await page.getByText("in old code are left out").waitFor();
    await expect.poll(() => page.locator(".row .below").count()).toBe(1);
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/debt-new.png` });
    await page.getByRole("button", { name: "New code only" }).click();
    await expect.poll(() => page.locator(".row .below").count()).toBe(before);
  });

  test("shows what a fix would change, and changes nothing by that", async () => {
    const page = await here.open("debt");
    await page.locator(".row .below").filter({ hasText: "`os`" }).first().click();
    await page.getByRole("button", { name: "Only this rule" }).click();
    await page.getByRole("button", { name: /All rules/ }).waitFor();
    await page.locator(".row .below").filter({ hasText: "`os`" }).first().click();
    await page.getByRole("button", { name: "Preview" }).click();
    const diff = page.getByRole("region", { name: "What would change" });
    await diff.locator(".removed").filter({ hasText: "-import os" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/fix.png` });
    expect(await page.getByRole("button", { name: "Make this change" }).count()).toBe(0);
    await page.getByRole("button", { name: "Copy as a patch" }).click();
    await page.locator(".said.on").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("--- a/listed.py\n+++ b/listed.py\n");
    expect(readFileSync(join(here.root, "listed.py"), "utf8")).toContain("import os");
  });

  test("is seen as a whole, and each part leads to the list", async () => {
    const page = await here.open("debt");
    await page.getByRole("button", { name: "Dashboard" }).click();
    await page.getByRole("heading", { name: "Impact and effort" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.screenshot({ path: `${PICTURES}/dashboard.png` });
    await page.locator(".matrix button:enabled").first().click();
    await page.getByRole("button", { name: "Show all" }).waitFor();
    await page.locator(".row .below").first().waitFor();
  });
});
