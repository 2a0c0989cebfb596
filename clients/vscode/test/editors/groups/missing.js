// A first start without a server: it is said, and the offer to install it is at hand.
import { bar, message, picture, SLOW } from "../person.js";

const tests = {
  async "it says that there is none, and offers to install it"(desk) {
    const { page } = desk;
    await bar(page).locator(".codicon-warning").waitFor(SLOW);
    await page.locator('.statusbar-item[id="status.notifications"]').click();
    await message(page, "was not found").waitFor(SLOW);
    await message(page, "was not found").getByRole("button", { name: "Install" }).waitFor();
    await page.locator('.activitybar .action-label[aria-label*="CodeArchaeologist"]').click();
    await page.locator(".welcome-view-content", { hasText: "was not found" }).waitFor();
    await picture(desk, "missing");
  },
};

// Debian's own programs alone: no `codearch` on PATH.
const options = () => ({ env: { PATH: "/usr/bin:/bin" } });

export const missing = { options, settings: () => ({ "codearch.server.path": "" }), tests };
