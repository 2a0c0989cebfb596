// A VS Code to be driven: its workbench in Chromium, its extension host in code-server.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { running } from "./processes.js";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** On a machine that is busy with other things, tests may wait this many times as long. */
const PATIENCE = Number(process.env.CODEARCH_TEST_PATIENCE ?? 1);

export const patient = (seconds) => 1000 * seconds * PATIENCE;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Look again and again; tries are counted, since a machine may sleep meanwhile. */
export async function until(what, look, seconds = 60) {
  for (let tries = patient(seconds) / 100; tries > 0; tries -= 1) {
    const found = await look();
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`it did not come about: ${what}`);
}

/** What is done, or a failure where it takes too long: nothing that is tested may hang for good. */
export function within(seconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${seconds} s`)), patient(seconds));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the tests need of an editor, the `newest` or the `oldest`, or why they cannot run. */
export function prepared(age) {
  const browser = process.env.CODEARCH_CHROMIUM ?? CHROMIUM.find(existsSync);
  if (!browser) return { lacking: "Chromium is missing: apt install chromium" };
  const installed = spawnSync("bash", [here("install.sh"), age], { encoding: "utf8" });
  if (installed.status !== 0) {
    const why = installed.stderr.trim() || "npm says nothing; g++, make and python3 are needed";
    return { lacking: `code-server (${age}) could not be installed: ${why}` };
  }
  const [node, editor] = installed.stdout.trim().split("\n").at(-1).split(" ");
  return { browser, node, editor, age };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What is handed to the editor: nothing of what steers the tests, of which the server would warn. */
function environment(home, env) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("CODEARCH"));
  return {
    ...Object.fromEntries(own),
    ...env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "share"),
    CODEARCH_CACHE_DIR: path.join(home, "cache"),
  };
}

/** Start an editor, again where it found its own parts too slow: it gives up after ten seconds. */
export async function startEditor(...given) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await begun(...given);
    } catch (error) {
      if (tries === 5 || !/timed out/.test(error.message)) throw error;
    }
  }
}

/** Start code-server in a home of its own; `settings` are the user's. */
async function begun(tools, home, settings, { trusting = true, env = {} } = {}) {
  const { node, editor, age } = tools;
  const port = await freePort();
  const [data, extensions] = [path.join(home, "data"), path.join(home, "extensions")];
  // The extension host is a remote one to the workbench: what names programs is read from the
  // machine's own settings alone, once the editor knows these settings.
  for (const whose of ["User", "Machine"]) {
    mkdirSync(path.join(data, whose), { recursive: true });
    writeFileSync(path.join(data, whose, "settings.json"), JSON.stringify(settings));
  }
  const folders = ["--user-data-dir", data, "--extensions-dir", extensions];
  const given = [
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...folders],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    "--ignore-last-opened",
    ...(trusting ? ["--disable-workspace-trust"] : []),
    ...(age === "newest" ? ["--reconnection-grace-time", "5"] : []),
    ...(age === "newest" ? ["--vscode-option", "enable-smoke-test-driver"] : []),
  ];
  const options = { env: environment(home, env), encoding: "utf8" };
  const child = spawn(node, [editor, ...given], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { end, gone } = family(child.pid, home);
  const last = () => end("SIGKILL");
  process.once("exit", last);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const alive = () => fetch(`http://127.0.0.1:${port}/healthz`).then((each) => each.ok);
  await until("code-server's answer", () => {
    if (child.exitCode !== null) throw new Error(`code-server ended: ${said}`);
    return alive().catch(() => false);
  });
  return {
    host: `127.0.0.1:${port}`,
    pid: child.pid,
    age,
    install: (vsix) => spawnSync(node, [editor, ...folders, "--install-extension", vsix], options),
    /** End it, and wait until nothing of it writes into its home any more. */
    async stop() {
      process.off("exit", last);
      end("SIGTERM");
      await until("the editor's end", gone, 20).catch(() => end("SIGKILL"));
      await until("the editor's end after all", gone, 20);
    },
  };
}

/** An editor and all that it started: how to end it, and whether anything of it is left. */
function family(pid, home) {
  const members = () => running().filter((each) => each.group === pid || each.args.includes(home));
  const end = (signal) => {
    for (const member of members()) {
      try {
        process.kill(member.pid, signal);
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    }
  };
  return { end, gone: () => !members().length };
}

/** Open a folder in a browser of its own. */
export async function openWindow({ browser }, editor, profile, folder, payload) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    timeout: patient(60),
    viewport: { width: 1280, height: 800 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
  context.setDefaultTimeout(patient(30));
  const page = context.pages()[0] ?? (await context.newPage());
  const given = encodeURIComponent(JSON.stringify(payload));
  await page.goto(`http://${editor.host}/?folder=${encodeURIComponent(folder)}&payload=${given}`);
  return { page, close: () => context.close() };
}
