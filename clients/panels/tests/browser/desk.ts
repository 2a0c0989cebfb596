/** The panels as a person has them: `codearch panels` on a small repository, seen in Chromium. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const PROJECT = fileURLToPath(new URL("../../../..", import.meta.url));
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const PICTURES = process.env.CODEARCH_PICTURES ?? join(tmpdir(), "codearch-pictures");

/** Whether the browser tests can run; without Chromium a line says what to install. */
export function browserIsThere(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const line = `No ${CHROMIUM}: apt-get install chromium, or name another one in CHROMIUM.`;
  if (process.env.CODEARCH_REQUIRE_EDITORS === "1") throw new Error(line);
  console.warn(`The panels' browser tests are skipped. ${line}`);
  return false;
}

export interface Desk {
  browser: Browser;
  address: string;
  root: string;
  open(panel: string, options?: Parameters<Browser["newContext"]>[0]): Promise<Page>;
  close(): Promise<void>;
}

/** Index files as a committed repository, serve its panels, and start a browser. */
export async function desk(
  files: Record<string, string>,
  goOn: (root: string) => void = () => undefined,
): Promise<Desk> {
  const home = mkdtempSync(join(tmpdir(), "codearch-panels-"));
  const root = join(home, "shop");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  committed(root, "Sell things <img src=x onerror=alert(1)>", "2019-03-01T12:00:00Z");
  goOn(root);
  return deskAt(home, root);
}

/** The same for a repository that lies in a folder; both go when the desk closes. */
export async function deskAt(home: string, root: string): Promise<Desk> {
  const server = serving(root, home);
  const address = await firstLine(server);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const contexts: BrowserContext[] = [];
  return {
    browser,
    address,
    root,
    async open(panel, options = {}) {
      const context = await browser.newContext({
        permissions: ["clipboard-read", "clipboard-write"],
        viewport: { width: 1100, height: 720 },
        ...options,
      });
      context.setDefaultTimeout(0); // a test's own limit holds
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(`${address}&panel=${panel}`);
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      server.kill("SIGINT");
      await new Promise((resolve) => server.once("exit", resolve));
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What axe finds wrong for people who see little or use keys alone (WCAG A and AA). */
export async function faults(page: Page): Promise<string[]> {
  const source = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
  );
  await page.evaluate(source); // as the test's own, which the page's policy has no say in
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: typeof import("axe-core") }).axe;
    const found = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    return found.violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)}`),
    );
  });
}

export function committed(root: string, message: string, when: string): void {
  const env = { ...process.env, GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when };
  const git = (...given: string[]) =>
    execFileSync("git", given, { cwd: root, stdio: "ignore", env });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  const who = ["-c", "user.name=Ada <b>L</b>", "-c", "user.email=ada@example.org"];
  git(...who, "commit", "-qm", message);
}

function serving(root: string, home: string): ChildProcess {
  const python = process.env.CODEARCH_PYTHON ?? join(PROJECT, ".venv/bin/python");
  // What steers the tests is no setting of the server, which would say so.
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("CODEARCH"));
  return spawn(python, ["-m", "codearch", "panels", "--root", root], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...Object.fromEntries(environment),
      PYTHONPATH: join(PROJECT, "server"),
      PYTHONUNBUFFERED: "1",
      HOME: home, // what was searched for is kept there
      XDG_STATE_HOME: join(home, "state"),
      CODEARCH_CACHE_DIR: join(home, "cache"),
      CODEARCH_INDEXER_IDLE_SECONDS: "0.2",
    },
  });
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.stdout?.once("data", (line: Buffer) => resolve(line.toString().trim()));
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`codearch panels ended with ${code}`)));
  });
}
