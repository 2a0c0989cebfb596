// What a person at the editor sees and does.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { patient, until } from "./editor.js";

export const PICTURES = fileURLToPath(new URL("../../dist/pictures", import.meta.url));
/** What the system asks for, and what that makes of the workbench and of pages in it. */
const THEMES = {
  contrast: [{ colorScheme: "dark", forcedColors: "active" }, "hc-black", "vscode-high-contrast"],
  light: [{ colorScheme: "light", forcedColors: "none" }, "vs", "vscode-light"],
  dark: [{ colorScheme: "dark", forcedColors: "none" }, "vs-dark", "vscode-dark"],
};
/** Settings by which the workbench follows the system. */
export const FOLLOWING = {
  "window.autoDetectColorScheme": true,
  "window.autoDetectHighContrast": true,
  "workbench.preferredDarkColorTheme": "Dark Modern",
  "workbench.preferredLightColorTheme": "Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};
export const SLOW = { timeout: patient(90) };

export const rows = (page) => page.locator(".quick-input-list .monaco-list-row");
export const bar = (page) => page.locator('.statusbar-item[id*="codearchaeologist"]').first();
export const tree = (page) => page.locator(".pane-body .monaco-list-row");
export const squiggles = (page) =>
  page.locator(".squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint");
export const dialog = (page) => page.locator(".monaco-dialog-box");
export const message = (page, text) =>
  page.locator(".notification-list-item", { hasText: text }).first();
export const inPanel = (page) =>
  page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");

export const ready = (page) => bar(page).locator(".codicon-check").waitFor(SLOW);

/** Run a command of the extension from the list of all commands. */
export async function command(page, name, category = "CodeArchaeologist") {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-box input").fill(`>${category}: ${name}`);
  await page.locator(".quick-input-list .focused", { hasText: name }).waitFor();
  await page.keyboard.press("Enter");
}

/** Show a panel alone: other tabs are closed, so that one webview is seen. */
export async function alone(page, name) {
  await command(page, "Close All Editors", "View");
  await command(page, name);
}

/** Open a file by its name, from the list of all files. */
export async function openFile(page, name) {
  const hasText = path.basename(name);
  await page.keyboard.press("Control+p");
  await page.locator(".quick-input-box input").fill(name);
  await page.locator(".quick-input-list .focused", { hasText }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText }).waitFor();
}

/** Press a button of a modal dialog, seen in three themes if it gets a name. */
export async function answer(desk, button, name) {
  await dialog(desk.page).waitFor(SLOW);
  if (name) await picture(desk, name);
  await dialog(desk.page).getByRole("button", { name: button, exact: true }).click();
  await dialog(desk.page).waitFor({ state: "detached" });
}

/** Choose an entry of the status bar's menu. */
export async function choose(page, entry) {
  await bar(page).click();
  await rows(page).filter({ hasText: entry }).first().click();
}

/** The text that the output view shows. */
export const output = (page) => page.locator(".panel .view-lines").first();

/** Keep what is seen. */
export function screenshot(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  return page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}

/** Keep what is seen, in each theme. */
export async function picture({ page, editor }, name) {
  const keep = (theme) => screenshot(page, `${name}-${theme}`);
  if (editor.age !== "newest") return keep(editor.age);
  for (const [theme, [media, workbench, inner]] of Object.entries(THEMES)) {
    await page.emulateMedia(media);
    await page.locator(`.monaco-workbench.${workbench}`).waitFor(SLOW);
    if (await page.locator("iframe.webview.ready").first().isVisible()) {
      await inPanel(page).locator(`body.${inner}`).waitFor(SLOW);
    }
    await keep(theme);
  }
}

/** Wait for a text in a file on the disk or anywhere else that is asked. */
export const comes = (what, look) => until(what, look, 90);

/** Wait until the workbench has kept its tabs, which a page does every few seconds, with all these words. */
export function remembered(page, ...words) {
  return comes(`${words.join(", ")} among the tabs kept`, async () => {
    const tabs = await page.evaluate(keptTabs);
    return words.every((each) => tabs.includes(each));
  });
}

/** Read in the page what a workbench without a window of its own keeps of its tabs. */
async function keptTabs() {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("vscode-web-state-db")) continue;
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      found.push(await done(rows.get("memento/workbench.parts.editor")));
    }
    database.close();
  }
  return found.join(" ");
}
