// What stands in the code: hovers, squiggles, and a fix that keys apply.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { comes, openFile, picture, SLOW, squiggles } from "../person.js";

const FIXED = "shop/discounts.py";
const text = ({ folder }) => readFileSync(path.join(folder, FIXED), "utf8");

/** Write the workspace's settings, as somebody else's commit would. */
function settings({ folder }, written) {
  mkdirSync(path.join(folder, ".vscode"), { recursive: true });
  writeFileSync(path.join(folder, ".vscode/settings.json"), JSON.stringify(written));
}

export const reading = {
  async "a hover by keys knows who calls"(desk) {
    const { page } = desk;
    await openFile(page, "shop/cart.py");
    await page.locator(".view-line span", { hasText: "total_price" }).last().click();
    const hover = page.locator(".monaco-hover", { hasText: /call/i }).first();
    await comes("a hover with the history, which is read last", async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Control+i");
      await hover.waitFor(SLOW);
      return !/being read/.test(await hover.innerText());
    });
    await picture(desk, "hover");
    await page.keyboard.press("Escape");
  },
  async "what is new has squiggles, and settings take effect without a reload"(desk) {
    const { page } = desk;
    await openFile(page, FIXED);
    await squiggles(page).first().waitFor(SLOW);
    await picture(desk, "squiggle");
    settings(desk, { "codearch.diagnostics.enabled": false });
    await squiggles(page)
      .first()
      .waitFor({ ...SLOW, state: "detached" });
    settings(desk, {});
    await squiggles(page).first().waitFor(SLOW);
  },
  async "a quick fix is chosen by keys, and the finding is gone"(desk) {
    const { page } = desk;
    await page.keyboard.press("Control+g");
    await page.locator(".quick-input-box input").fill(":9:10");
    await page.locator(".quick-input-list .focused", { hasText: "9" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".statusbar", { hasText: "Ln 9, Col 10" }).waitFor();
    await page.keyboard.press("Control+.");
    const fixes = page.locator(".action-widget .monaco-list-row.action");
    await fixes.filter({ hasText: "share" }).first().waitFor(SLOW);
    await picture(desk, "quick-fix");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+s");
    await comes("the mended docs", () => text(desk).includes("share: how much of it goes"));
    await squiggles(page)
      .first()
      .waitFor({ ...SLOW, state: "detached" });
  },
};
