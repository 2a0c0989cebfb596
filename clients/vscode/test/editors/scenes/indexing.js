// The status bar's menu, each entry once, and a server that is killed.
import { answer, bar, choose, comes, output, picture, ready, rows, SLOW } from "../person.js";
import { processes } from "../processes.js";

const said = (page, text) => output(page).getByText(text).first().waitFor(SLOW);

export const indexing = {
  async "the menu of the status bar pauses and resumes"(desk) {
    const { page } = desk;
    await bar(page).click();
    await rows(page).filter({ hasText: "Pause indexing" }).waitFor();
    await picture(desk, "menu");
    await rows(page).filter({ hasText: "Pause indexing" }).click();
    await bar(page).locator(".codicon-debug-pause").waitFor(SLOW);
    await choose(page, "Resume indexing");
    await ready(page);
  },
  async "the menu waits until everything is searchable"({ page }) {
    await choose(page, "Wait until everything is searchable");
    await page.locator(".statusbar", { hasText: "All changes are searchable" }).waitFor(SLOW);
  },
  async "the menu rebuilds the index, asked first"(desk) {
    await choose(desk.page, "Rebuild the index");
    await answer(desk, "Rebuild", "rebuild");
    await ready(desk.page);
  },
  async "the menu says what memory and disk are used"(desk) {
    const { page } = desk;
    await choose(page, "Memory and disk");
    await page.locator(".monaco-dialog-box", { hasText: /\d MB of memory/ }).waitFor(SLOW);
    await answer(desk, "OK", "memory");
  },
  async "the menu shows the log, and what the doctor says"(desk) {
    const { page } = desk;
    await choose(page, "Show log");
    await said(page, "is running");
    await choose(page, "Doctor");
    await said(page, /sqlite|model|tree-sitter/i);
    await picture(desk, "doctor");
    await page.keyboard.press("Control+j");
  },
  async "the menu leads to the search, the status, the protocol's trace, and restarts the server"(
    desk,
  ) {
    const { page, editor } = desk;
    await choose(page, "Search by meaning");
    await page.locator(".quick-input-widget", { hasText: "Search by meaning" }).waitFor(SLOW);
    await page.keyboard.press("Escape");
    await choose(page, "Show status");
    await page.locator(".tab.active", { hasText: "Status" }).waitFor(SLOW);
    await choose(page, "Show protocol trace");
    await page.locator(".part.panel", { hasText: "(trace)" }).waitFor(SLOW);
    await page.keyboard.press("Control+j");
    const [before] = processes(editor, /codearch lsp\b/);
    await choose(page, "Restart the server");
    await comes("another server", () => processes(editor, /codearch lsp\b/)[0] !== before);
    await ready(page);
  },
  async "a server that was killed is there again"({ page, editor }) {
    const servers = () => processes(editor, /codearch lsp\b/);
    const [before] = servers();
    process.kill(before, "SIGKILL");
    await comes("another server", () => servers().some((pid) => pid !== before));
    await ready(page);
    await page.keyboard.press("Control+Alt+s");
    await page.locator(".quick-input-box input").fill("add up the prices");
    await rows(page).filter({ hasText: "total_price" }).first().waitFor(SLOW);
    await page.keyboard.press("Escape");
  },
};
