// A VS Code to be driven: its workbench in Chromium, its extension host in code-server.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const PICTURES = here("../../dist/pictures");

/** What the tests need, or the reason why they cannot run. */
export function prepared() {
  const browser = process.env.CODEARCH_CHROMIUM ?? CHROMIUM.find(existsSync);
  if (!browser) return { lacking: "Chromium is missing: apt install chromium" };
  const installed = spawnSync("bash", [here("install.sh")], { encoding: "utf8" });
  if (installed.status !== 0) {
    return { lacking: `code-server could not be installed: ${installed.stderr.trim()}` };
  }
  const [node, editor] = installed.stdout.trim().split("\n").at(-1).split(" ");
  return { browser, node, editor };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Start code-server in a home of its own; `settings` are the user's. */
export async function startEditor(
  { node, editor },
  home,
  settings,
  { trusting = true, env = {} } = {},
) {
  const port = await freePort();
  const [data, extensions] = [path.join(home, "data"), path.join(home, "extensions")];
  // To the workbench the extension host is a remote one: what names programs is read from that
  // machine's own settings, and from the user's only until the extension's settings are known.
  for (const whose of ["User", "Machine"]) {
    mkdirSync(path.join(data, whose), { recursive: true });
    writeFileSync(path.join(data, whose, "settings.json"), JSON.stringify(settings));
  }
  const folders = ["--user-data-dir", data, "--extensions-dir", extensions];
  // What steers the tests is no setting of the server's, which would warn of it.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("CODEARCH"));
  const environment = {
    ...Object.fromEntries(own),
    ...env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "share"),
    CODEARCH_CACHE_DIR: path.join(home, "cache"),
  };
  const child = spawn(
    node,
    [
      editor,
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, ...folders],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ...["--ignore-last-opened", "--reconnection-grace-time", "5"],
      ...(trusting ? ["--disable-workspace-trust"] : []),
      ...["--vscode-option", "enable-smoke-test-driver"],
    ],
    { env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  for (let tries = 0; ; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/healthz`).then(
        (each) => each.ok,
        () => false,
      )
    )
      break;
    if (tries > 300 || child.exitCode !== null)
      throw new Error(`code-server did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    host: `127.0.0.1:${port}`,
    install: (vsix) =>
      spawnSync(node, [editor, ...folders, "--install-extension", vsix], {
        env: environment,
        encoding: "utf8",
      }),
    said: () => said,
    stop: () => process.kill(-child.pid),
  };
}

/** Open a folder in a browser of its own. */
export async function openWindow({ browser }, editor, profile, folder, payload, size) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    viewport: size ?? { width: 1280, height: 800 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const given = encodeURIComponent(JSON.stringify(payload));
  await page.goto(`http://${editor.host}/?folder=${encodeURIComponent(folder)}&payload=${given}`);
  return { page, close: () => context.close() };
}

export async function picture(page, name) {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}
