// Drives the extension in a real VS Code and prints how many tests passed: `make test-editors`.
// Names of groups run these alone, `work/hover` of a group those tests whose names have that word.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openWindow, prepared, startEditor, within } from "./editor.js";
import { asked } from "./groups/asked.js";
import { missing } from "./groups/missing.js";
import { untrusted } from "./groups/untrusted.js";
import { work } from "./groups/work.js";
import { FOLLOWING, screenshot } from "./person.js";
import { workspace } from "./workspace.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const VSIX = here("../../dist/codearchaeologist.vsix");
const CODEARCH = process.env.CODEARCH ?? here("../../../../.venv/bin/codearch");
/** A name, what is run, and in which editor. */
const GROUPS = {
  asked: [asked, "newest"],
  work: [work, "newest"],
  missing: [missing, "newest"],
  untrusted: [untrusted, "newest"],
};
const SETTINGS = {
  ...FOLLOWING,
  "codearch.server.path": CODEARCH,
  "security.workspace.trust.startupPrompt": "never",
  "workbench.startupEditor": "none",
  "git.openRepositoryInParentFolders": "never",
  "files.simpleDialog.enable": true,
  "chat.disableAIFeatures": true,
};

const results = [];

function report(group, { name, passed, why }) {
  results.push(passed);
  console.log(`${passed ? "passed" : "FAILED"}  ${group}: ${name}`);
  if (!passed) console.log(`        ${why.split("\n").join("\n        ")}`);
}

/** One group: an editor of its own, a window, and its tests one after the other. */
async function run(name, [group, age], words, home) {
  const tools = prepared(age);
  if (tools.lacking) {
    console.log(`skipped ${name}: ${tools.lacking}`);
    if (process.env.CODEARCH_REQUIRE_EDITORS === "1") results.push(false);
    return;
  }
  const own = path.join(home, name);
  const folder = (group.workspace ?? workspace)(path.join(own, "shop"));
  const settings = { ...SETTINGS, ...group.settings?.(own) };
  const editor = await startEditor(tools, own, settings, group.options?.(own, words));
  const tell = (result) => report(name, result);
  const measured = (what, figure) => console.log(`measured ${name}: ${what}: ${figure}`);
  const open = (profile, payload) =>
    openWindow(tools, editor, path.join(own, profile), folder, payload);
  const desk = { editor, folder, home: own, open, measured, tell, codearch: CODEARCH };
  try {
    if (group.run) return await group.run(desk);
    const { status, stdout, stderr } = editor.install(VSIX);
    tell({ name: "the package is installed", passed: status === 0, why: `${stdout}${stderr}` });
    const file = `vscode-remote://${editor.host}${folder}/${group.file ?? "shop/cart.py"}`;
    const window = await open("browser", [["openFile", file]]);
    try {
      const tests = Object.entries(group.tests).filter(([each]) => each.includes(words));
      await through({ ...desk, page: window.page }, tests, tell);
    } finally {
      await window.close();
    }
  } finally {
    await editor.stop();
  }
}

async function through(desk, tests, tell) {
  for (const [name, test] of tests) {
    try {
      await within(600, test(desk));
      tell({ name, passed: true });
    } catch (error) {
      tell({ name, passed: false, why: String(error?.stack ?? error) });
      await screenshot(desk.page, `failed-${name.replace(/\W+/g, "-")}`).catch(() => undefined);
      await desk.page.keyboard.press("Escape");
    }
  }
}

const wanted = new Map(process.argv.slice(2).map((each) => each.split(/\/(.*)/s)));
const unknown = [...wanted.keys()].filter((name) => !GROUPS[name]);
if (unknown.length) {
  console.error(
    `no such group: ${unknown.join(", ")}; there are ${Object.keys(GROUPS).join(", ")}`,
  );
  process.exit(2);
}
if (spawnSync(CODEARCH, ["--version"]).status !== 0) {
  console.log(`${CODEARCH} does not run: make test-editors sets it up`);
  process.exit(1);
}
process.once("SIGTERM", () => process.exit(143));
const began = Date.now();
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;
const home = mkdtempSync(path.join(tmpdir(), "codearch-editors-"));
for (const [name, group] of Object.entries(GROUPS)) {
  if (wanted.size && !wanted.has(name)) continue;
  const start = Date.now();
  try {
    await run(name, group, wanted.get(name) ?? "", home);
  } catch (error) {
    report(name, { name: "runs to its end", passed: false, why: String(error?.stack ?? error) });
  }
  console.log(`${name}: ${seconds(start)}`);
}
rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
const passed = results.filter(Boolean).length;
console.log(`${passed} of ${results.length} tests in VS Code passed, ${seconds(began)}`);
process.exit(passed === results.length ? 0 : 1);
