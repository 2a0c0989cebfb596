// Findings in the activity bar.
import { command, picture, rows, SLOW, tree } from "../person.js";

const leaves = (page) => tree(page).filter({ has: page.locator(".action-label") });
const worst = (page) => tree(page).filter({ hasText: "worst.py" }).first();

export const debt = {
  async "findings in the activity bar, by file and by rule"(desk) {
    const { page } = desk;
    await page.locator('.activitybar .action-label[aria-label*="CodeArchaeologist"]').click();
    await worst(page).waitFor(SLOW);
    await worst(page).click();
    await picture(desk, "debt");
    await command(page, "Group Findings by Rule");
    await worst(page).waitFor({ state: "detached" });
    await picture(desk, "debt-by-rule");
  },
  async "a finding gets a status and a note, and is gone"(desk) {
    const { page } = desk;
    await command(page, "Group Findings by File");
    await worst(page).waitFor();
    const findings = leaves(page);
    if (!(await findings.count())) await worst(page).click();
    await findings.first().waitFor();
    const before = await findings.count();
    await findings.first().hover();
    await findings.first().locator('.action-label[aria-label^="Set Status"]').click();
    await rows(page).filter({ hasText: "Won't fix" }).click();
    await page.locator(".quick-input-box input").fill("as agreed");
    await picture(desk, "debt-status");
    await page.keyboard.press("Enter");
    await findings.nth(before - 1).waitFor({ state: "detached" });
  },
};
