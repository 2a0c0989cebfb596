// Drives the extension in a real VS Code and prints how many tests passed: `make test-editors`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { openWindow, prepared, startEditor } from "./editor.js";
import { seen } from "./seen.js";
import { oldServer, workspace } from "./workspace.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const CODEARCH = process.env.CODEARCH ?? here("../../../../.venv/bin/codearch");
const API_SECONDS = 300;

const SETTINGS = {
  "codearch.server.path": CODEARCH,
  "security.workspace.trust.startupPrompt": "never",
  "workbench.startupEditor": "none",
  "git.openRepositoryInParentFolders": "never",
  "files.simpleDialog.enable": true,
  "chat.disableAIFeatures": true,
};

const results = [];

function report({ name, passed, why }) {
  results.push({ name, passed });
  console.log(`${passed ? "passed" : "FAILED"}  ${name}`);
  if (!passed) console.log(`        ${why.split("\n").join("\n        ")}`);
}

/** The tests that run inside the extension host. */
async function asked(tools, home) {
  const out = path.join(home, "api.json");
  const env = {
    CODEARCH_TEST_OUT: out,
    CODEARCH_TEST_OLD: oldServer(path.join(home, "old-codearch")),
  };
  const editor = await startEditor(tools, path.join(home, "api"), SETTINGS, { env });
  const remote = (name) => `vscode-remote://${editor.host}${here(name).replace(/\/$/, "")}`;
  const window = await openWindow(
    tools,
    editor,
    path.join(home, "api-browser"),
    workspace(path.join(home, "api-shop")),
    [
      ["extensionDevelopmentPath", remote("../../")],
      ["extensionTestsPath", remote("api.cjs")],
    ],
  );
  let told = 0;
  const end = Date.now() + 1000 * API_SECONDS;
  try {
    for (;;) {
      const read = existsSync(out) ? readFileSync(out, "utf8") : "";
      const { results: all, done } = read ? JSON.parse(read) : { results: [] };
      for (; told < all.length; told += 1) report(all[told]);
      if (done) return;
      if (Date.now() > end) {
        const why = `after ${told} tests, within ${API_SECONDS} s`;
        return report({ name: "the tests in the extension host end", passed: false, why });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await window.close();
    editor.stop();
  }
}

const tools = prepared();
if (tools.lacking) {
  console.log(`skipped: ${tools.lacking}`);
  process.exit(process.env.CODEARCH_REQUIRE_EDITORS === "1" ? 1 : 0);
}
if (spawnSync(CODEARCH, ["--version"]).status !== 0) {
  console.log(`${CODEARCH} does not run: make test-editors sets it up`);
  process.exit(1);
}
const began = Date.now();
const home = mkdtempSync(path.join(tmpdir(), "codearch-editors-"));
const parts = { api: () => asked(tools, home), seen: () => seen(tools, home, SETTINGS, report) };
for (const [name, part] of Object.entries(parts)) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  try {
    await part();
  } catch (error) {
    report({
      name: `the part "${name}" runs to its end`,
      passed: false,
      why: String(error?.stack),
    });
  }
}
rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
const passed = results.filter((each) => each.passed).length;
const seconds = Math.round((Date.now() - began) / 1000);
console.log(`${passed} of ${results.length} tests in VS Code passed, ${seconds} s`);
process.exit(passed === results.length ? 0 : 1);
