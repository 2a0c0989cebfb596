// Panels in tabs, and again after the window was loaded anew.
import { alone, command, inPanel, openFile, picture, ready, remembered, SLOW } from "../person.js";

const content = (page, text) => inPanel(page).getByText(text).first().waitFor(SLOW);

export const panels = {
  async "the status panel"(desk) {
    await alone(desk.page, "Open Status");
    await content(desk.page, /files/i);
    await picture(desk, "status");
  },
  async "the search panel"(desk) {
    const { page } = desk;
    await alone(page, "Open Search Panel");
    await inPanel(page)
      .getByRole("searchbox")
      .or(inPanel(page).getByRole("combobox"))
      .first()
      .fill("charge the customer");
    await content(page, "checkout");
    await picture(desk, "search-panel");
  },
  async "what the cursor is on is explained"(desk) {
    const { page } = desk;
    await command(page, "Close All Editors", "View");
    await openFile(page, "shop/cart.py");
    await page.locator(".view-line span", { hasText: "total_price" }).first().click();
    await page.keyboard.press("Control+Alt+e");
    await content(page, "checkout");
    await picture(desk, "explain");
  },
  async "the debt panel, and its dashboard"(desk) {
    await ready(desk.page);
    await alone(desk.page, "Open Debt Dashboard");
    await inPanel(desk.page).locator(".row").first().waitFor(SLOW);
    await picture(desk, "findings");
    await inPanel(desk.page).getByRole("button", { name: "Dashboard", exact: true }).click();
    await inPanel(desk.page).locator(".matrix").waitFor(SLOW);
    await picture(desk, "dashboard");
  },
  async "the dashboard is there again after a reload, as it was left"(desk) {
    const { page } = desk;
    await remembered(page, "codearchaeologist.debt", "dashboard");
    await page.goto(page.url().replace(/&payload=.*/, ""));
    await page.locator(".tab", { hasText: "Technical Debt" }).waitFor(SLOW);
    await inPanel(page).locator(".matrix").waitFor(SLOW);
    if (await inPanel(page).getByRole("alert").count())
      throw new Error("the panel shows a problem");
  },
};
