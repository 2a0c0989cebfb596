// Runs inside the extension host: what the extension does, asked through VS Code's own API.
const assert = require("node:assert/strict");
const { renameSync, writeFileSync } = require("node:fs");
const vscode = require("vscode");

const root = () => vscode.workspace.workspaceFolders[0].uri;
const file = (name) => vscode.Uri.joinPath(root(), name);

const patience = Number(process.env.EDITOR_TESTS_PATIENCE);

/** Look again and again; tries are counted, since a machine may sleep meanwhile. */
async function until(what, look, seconds = 60) {
  for (let tries = 10 * seconds * patience; tries > 0; tries -= 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come about: ${what}`);
}

/** What is done, or a failure where it takes too long. */
function within(seconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    const fail = () => reject(new Error(`no end after ${seconds} s`));
    timer = setTimeout(fail, 1000 * seconds * patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const extension = () => vscode.extensions.getExtension("codearchaeologist.codearchaeologist");
const server = () => extension().exports.server;
const ready = () => until("a ready server", () => server().state.status?.state === "ready", 120);

const tests = {
  async "opening a file of a known language activates the extension"() {
    await vscode.window.showTextDocument(file("shop/cart.py"));
    await until("an active extension", () => extension().isActive);
  },
  async "the server is found by the setting, and becomes ready"() {
    await ready();
    assert.equal(server().found.source, "setting");
  },
  async "search, similar and explain answer"() {
    const found = await server().ask("codearch.search", { query: "add up the prices" });
    assert.equal(found.results[0].symbol, "total_price");
    const place = { uri: found.results[0].uri, position: found.results[0].range.start };
    await server().ask("codearch.similar", place);
    const explained = await server().ask("codearch.explain", { symbol: "total_price" });
    assert.equal(explained.callers.length, 1);
  },
  async "a hover knows who calls"() {
    const at = new vscode.Position(3, 6);
    const hovers = await until("a hover", async () => {
      const all = await vscode.commands.executeCommand(
        "vscode.executeHoverProvider",
        file("shop/cart.py"),
        at,
      );
      return all.length && all;
    });
    assert.match(hovers[0].contents[0].value, /caller|called/i);
  },
  async "findings are shown, and fewer when rules are turned off without a reload"() {
    const settings = vscode.workspace.getConfiguration("codearch");
    const shown = () => vscode.languages.getDiagnostics(file("shop/worst.py"));
    await settings.update("diagnostics.since", "all", vscode.ConfigurationTarget.Workspace);
    await vscode.window.showTextDocument(file("shop/worst.py"));
    await until("findings", () => shown().some((each) => each.source === "codearch"));
    await settings.update("diagnostics.enabled", false, vscode.ConfigurationTarget.Workspace);
    await until("no findings", () => shown().length === 0);
    await settings.update("diagnostics.enabled", undefined, vscode.ConfigurationTarget.Workspace);
    await until("findings again", () => shown().length > 0);
  },
  async "a setting that nobody set does not reach the server"() {
    const config = vscode.workspace.getConfiguration("codearch");
    assert.equal(config.get("search.limit"), 10);
    const found = await server().ask("codearch.search", { query: "shop" });
    assert.equal(found.results.length, 3); // codearch.toml says so
  },
  async "a killed server is started again"() {
    const before = server().pid;
    process.kill(before, "SIGKILL");
    await until(
      "another server",
      () => server().pid !== before && server().state.kind === "running",
    );
    await ready();
    await server().ask("codearch.search", { query: "shop" });
  },
  async "many restarts at once are two"() {
    const seen = new Set();
    const listening = server().onDidChange(() => seen.add(server().pid));
    const before = server().pid;
    await Promise.all([1, 2, 3, 4, 5].map(() => server().restart()));
    listening.dispose();
    seen.delete(before);
    assert.ok(seen.size <= 2, `${seen.size} servers`);
    await ready();
  },
  async "a server that cannot be started is said, and the next setting mends it"() {
    const config = vscode.workspace.getConfiguration("codearch");
    const good = config.get("server.path");
    await config.update("server.path", "/nowhere/codearch", vscode.ConfigurationTarget.Global);
    await until("a failure", () => server().state.kind === "failed");
    assert.match(server().state.reason, /\/nowhere\/codearch/);
    await config.update("server.path", good, vscode.ConfigurationTarget.Global);
    await ready();
  },
  async "a server of another version is refused with a sentence"() {
    const config = vscode.workspace.getConfiguration("codearch");
    const good = config.get("server.path");
    const refused = async (path, said) => {
      await config.update("server.path", path, vscode.ConfigurationTarget.Global);
      await until(`a refusal: ${said}`, () => said.test(server().state.reason));
    };
    await refused(process.env.EDITOR_TESTS_OLD, /0\.0\.1.*0\.1\.1 or later/);
    await refused(process.env.EDITOR_TESTS_NEW, /99\.0\.0, newer than .* 0\.1\.1/);
    await config.update("server.path", good, vscode.ConfigurationTarget.Global);
    await ready();
  },
  async "a server that ends again and again is left alone, with a reason"() {
    for (let times = 1; times <= 4; times += 1) {
      await ready();
      process.kill(server().pid, "SIGKILL");
      await until("its end", () => server().state.kind !== "running");
    }
    await until("a failure", () => server().state.kind === "failed");
    assert.match(server().state.reason, /4 times/);
    await vscode.commands.executeCommand("codearchaeologist.restart");
    await ready();
  },
  async "pause and resume"() {
    const state = () => server().state.status?.state;
    await vscode.commands.executeCommand("codearchaeologist.pause");
    await until("a pause", () => state() === "paused");
    await vscode.commands.executeCommand("codearchaeologist.resume");
    await ready();
  },
  async "all commands of the manifest are there"() {
    const there = new Set(await vscode.commands.getCommands(true));
    const { commands } = extension().packageJSON.contributes;
    assert.deepEqual(
      commands.map((each) => each.command).filter((id) => !there.has(id)),
      [],
    );
  },
};

/** What is measured is told, with its bound, and fails nothing. */
const figures = () => ({
  "activation before the first await (at most 50 ms)": `${extension().exports.activationMs.toFixed(1)} ms`,
});

exports.run = async () => {
  const results = [];
  const out = process.env.EDITOR_TESTS_OUT;
  const tell = (more) => {
    writeFileSync(`${out}.part`, JSON.stringify({ results, ...more }));
    renameSync(`${out}.part`, out);
  };
  for (const [name, test] of Object.entries(tests)) {
    if (!name.includes(process.env.EDITOR_TESTS_WORDS)) continue;
    try {
      await within(180, test());
      results.push({ name, passed: true });
    } catch (error) {
      results.push({ name, passed: false, why: String(error?.stack ?? error) });
    }
    tell();
  }
  tell({ done: true, figures: figures() });
};
