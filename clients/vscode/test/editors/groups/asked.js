// What the extension does, asked through VS Code's own API inside its extension host.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../editor.js";
import { otherServer } from "../workspace.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url)).replace(/\/$/, "");
const SECONDS = 600;

function options(home, words) {
  mkdirSync(home, { recursive: true });
  const env = {
    EDITOR_TESTS_OUT: path.join(home, "asked.json"),
    EDITOR_TESTS_OLD: otherServer(path.join(home, "old-codearch"), "0.0.1"),
    EDITOR_TESTS_NEW: otherServer(path.join(home, "new-codearch"), "99.0.0"),
    EDITOR_TESTS_WORDS: words,
    EDITOR_TESTS_PATIENCE: process.env.CODEARCH_TEST_PATIENCE ?? "1",
  };
  return { env };
}

async function run({ editor, home, open, measured, tell }) {
  const out = path.join(home, "asked.json");
  const remote = (name) => `vscode-remote://${editor.host}${here(name)}`;
  const window = await open("browser", [
    ["extensionDevelopmentPath", remote("../../../")],
    ["extensionTestsPath", remote("../api.cjs")],
  ]);
  let told = 0;
  const read = () => {
    const { results, done, figures } = existsSync(out)
      ? JSON.parse(readFileSync(out, "utf8"))
      : { results: [] };
    for (; told < results.length; told += 1) tell(results[told]);
    if (done) for (const [what, figure] of Object.entries(figures)) measured(what, figure);
    return done;
  };
  try {
    await until("the end of the tests in the extension host", read, SECONDS);
  } finally {
    await window.close();
  }
}

export const asked = { options, run };
