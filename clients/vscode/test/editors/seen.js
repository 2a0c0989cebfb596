// What a person sees and does: keys, lists, squiggles. A picture of each is kept.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openWindow, picture, startEditor } from "./editor.js";
import { workspace } from "./workspace.js";

const VSIX = fileURLToPath(new URL("../../dist/codearchaeologist.vsix", import.meta.url));
const RAN = path.join(tmpdir(), `codearch-ran-${process.pid}`);
const SLOW = { timeout: 90_000 };

const rows = (page) => page.locator(".quick-input-list .monaco-list-row");
const bar = (page) => page.locator('.statusbar-item[id*="codearchaeologist"]').first();
const leaves = (page) =>
  page.locator(".pane-body .monaco-list-row", { has: page.locator(".action-label") });

const inPanel = (page) =>
  page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");

async function command(page, name) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-box input").fill(`>CodeArchaeologist: ${name}`);
  await rows(page).first().waitFor();
  await page.keyboard.press("Enter");
}

const withServer = {
  async "the status bar says that the server is ready"(page) {
    await bar(page).locator(".codicon-check").waitFor(SLOW);
    await picture(page, "ready");
  },
  async "search by key: results as one types, Enter opens one"(page) {
    await page.locator(".monaco-editor").first().click();
    await page.keyboard.press("Control+Alt+s");
    await page.locator(".quick-input-widget", { hasText: "Search by meaning" }).waitFor();
    await page.keyboard.type("charge the customer", { delay: 20 });
    await rows(page).filter({ hasText: "checkout" }).first().waitFor(SLOW);
    await picture(page, "search");
    await page.keyboard.press("Enter");
    await page.locator(".tab.active", { hasText: ".py" }).waitFor();
  },
  async "the next search begins with what was searched"(page) {
    await page.keyboard.press("Control+Alt+s");
    await rows(page).filter({ hasText: "charge the customer" }).first().waitFor();
    await picture(page, "search-history");
    await page.keyboard.press("Escape");
  },
  async "findings in the activity bar, by file and by rule"(page) {
    await page.locator('.activitybar .action-label[aria-label*="CodeArchaeologist"]').click();
    const tree = page.locator(".pane-body .monaco-list-row");
    await tree.filter({ hasText: "worst.py" }).first().waitFor(SLOW);
    await tree.filter({ hasText: "worst.py" }).first().click();
    await picture(page, "debt");
    await command(page, "Group Findings by Rule");
    await tree.filter({ hasText: "worst.py" }).first().waitFor({ state: "detached" });
    await picture(page, "debt-by-rule");
  },
  async "a finding gets a status and a note, and is gone"(page) {
    const tree = page.locator(".pane-body .monaco-list-row");
    await command(page, "Group Findings by File");
    await tree.filter({ hasText: "worst.py" }).first().waitFor();
    const findings = leaves(page);
    if (!(await findings.count())) await tree.filter({ hasText: "worst.py" }).first().click();
    await findings.first().waitFor();
    const before = await findings.count();
    await findings.first().hover();
    await findings.first().locator('.action-label[aria-label^="Set Status"]').click();
    await rows(page).filter({ hasText: "Won't fix" }).click();
    await page.locator(".quick-input-box input").fill("as agreed");
    await picture(page, "debt-status");
    await page.keyboard.press("Enter");
    await findings.nth(before - 1).waitFor({ state: "detached" });
  },
  async "the menu of the status bar pauses and resumes"(page) {
    await bar(page).click();
    await rows(page).filter({ hasText: "Pause indexing" }).waitFor();
    await picture(page, "menu");
    await rows(page).filter({ hasText: "Pause indexing" }).click();
    await bar(page).locator(".codicon-debug-pause").waitFor();
    await bar(page).click();
    await rows(page).filter({ hasText: "Resume indexing" }).click();
    await bar(page).locator(".codicon-check").waitFor(SLOW);
  },
  async "the debt panel opens, and is there again after a reload"(page) {
    await command(page, "Open Debt Dashboard");
    const panel = page.locator(".tab", { hasText: "Technical Debt" });
    await panel.waitFor();
    await page.locator("iframe.webview.ready").first().waitFor();
    await page.waitForTimeout(3000);
    await picture(page, "dashboard");
    await page.goto(page.url().replace(/&payload=.*/, ""));
    await panel.waitFor(SLOW);
    await page.locator("iframe.webview.ready").first().waitFor(SLOW);
    // What it asks before the server is up is answered as soon as it is.
    await inPanel(page).locator(".row").or(inPanel(page).getByRole("alert")).first().waitFor(SLOW);
    const said = await inPanel(page).locator("body").innerText();
    if (/not running/.test(said)) throw new Error(`the panel says: ${said}`);
    await picture(page, "dashboard-again");
  },
};

const withoutServer = {
  async "without a server it says so, and offers to install it"(page) {
    await bar(page).locator(".codicon-warning").waitFor(SLOW);
    await page.locator('.statusbar-item[id="status.notifications"]').click();
    const message = page.locator(".notification-list-item", { hasText: "was not found" });
    await message.waitFor(SLOW);
    await message.getByRole("button", { name: "Install" }).waitFor();
    await page.locator('.activitybar .action-label[aria-label*="CodeArchaeologist"]').click();
    await page.locator(".welcome-view-content", { hasText: "was not found" }).waitFor();
    await picture(page, "missing");
  },
};

const untrusted = {
  async "in an untrusted workspace the workspace's own path is not run"(page) {
    await bar(page).locator(".codicon-check").waitFor(SLOW);
    await picture(page, "untrusted");
    if (existsSync(RAN)) throw new Error("the workspace's program was run");
  },
};

async function through(page, tests, report) {
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test(page);
      report({ name, passed: true });
    } catch (error) {
      await picture(page, `failed-${name.replace(/\W+/g, "-")}`);
      await page.keyboard.press("Escape");
      report({ name, passed: false, why: String(error?.message ?? error) });
    }
  }
}

async function one(tools, home, name, settings, tests, report, options) {
  const folder = workspace(path.join(home, `${name}-shop`));
  options?.prepare?.(folder);
  const editor = await startEditor(tools, path.join(home, name), settings, options);
  try {
    const installed = editor.install(VSIX);
    report({
      name: `the package is installed (${name})`,
      passed: installed.status === 0,
      why: `${installed.stdout}${installed.stderr}`,
    });
    const file = `vscode-remote://${editor.host}${folder}/shop/cart.py`;
    const window = await openWindow(tools, editor, path.join(home, `${name}-browser`), folder, [
      ["openFile", file],
    ]);
    try {
      await through(window.page, tests, report);
    } finally {
      await window.close();
    }
  } finally {
    editor.stop();
  }
}

/** A workspace whose own settings name a program of its own. */
function hostile(folder) {
  const program = path.join(folder, "codearch");
  writeFileSync(program, `#!/bin/sh\ntouch ${RAN}\n`);
  chmodSync(program, 0o755);
  mkdirSync(path.join(folder, ".vscode"));
  const settings = JSON.stringify({ "codearch.server.path": program });
  writeFileSync(path.join(folder, ".vscode", "settings.json"), settings);
}

export async function seen(tools, home, settings, report) {
  await one(tools, home, "server", settings, withServer, report);
  const none = { ...settings, "codearch.server.path": "" };
  const env = { PATH: "/usr/bin:/bin" };
  await one(tools, home, "none", none, withoutServer, report, { env });
  const options = { trusting: false, prepare: hostile };
  await one(tools, home, "untrusted", settings, untrusted, report, options);
}
