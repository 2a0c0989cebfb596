// Search in a quick pick, by keys alone.
import { picture, ready, rows, SLOW } from "../person.js";

export const searching = {
  async "the status bar says that the server is ready"(desk) {
    await ready(desk.page);
    await picture(desk, "ready");
  },
  async "search by key: results as one types, Enter opens one"(desk) {
    const { page } = desk;
    await page.locator(".monaco-editor").first().click();
    await page.keyboard.press("Control+Alt+s");
    await page.locator(".quick-input-widget", { hasText: "Search by meaning" }).waitFor();
    await page.keyboard.type("charge the customer", { delay: 20 });
    await rows(page).filter({ hasText: "checkout" }).first().waitFor(SLOW);
    await picture(desk, "search");
    await page.keyboard.press("Enter");
    await page.locator(".tab.active", { hasText: ".py" }).waitFor();
  },
  async "the next search begins with what was searched"(desk) {
    const { page } = desk;
    await page.keyboard.press("Control+Alt+s");
    await rows(page).filter({ hasText: "charge the customer" }).first().waitFor();
    await picture(desk, "search-history");
    await page.keyboard.press("Escape");
  },
};
