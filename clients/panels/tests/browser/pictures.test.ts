/**
 * The pictures of the documents: `make pictures CHECKOUT=` takes them of a checkout of marshmallow.
 *
 * They show its code and history, and people who were made up.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { browserIsThere, type Desk, deskAt, PICTURES } from "./desk.ts";

const CHECKOUT = process.env.CODEARCH_PICTURED ?? "";
const COMMIT = "341b927f219205704728c05cd61f04d7e9727523";
const WALKTHROUGH = fileURLToPath(new URL("../../../vscode/media/walkthrough", import.meta.url));
const MINUTES = 60_000;
const FIRST = ["Ada", "Ben", "Chidi", "Dana", "Emil", "Farah", "Greta", "Hugo", "Ines", "Jun"];
const LAST = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Rowan"];

/** Whoever wrote it, the most frequent first, gets a name that nobody has. */
function renamed(root: string): string {
  const git = (...given: string[]) =>
    execFileSync("git", given, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  const people = git("shortlog", "-sne", "HEAD").trim().split("\n");
  return people
    .map((line, at) => {
      const [, who] = line.trim().split("\t");
      const last = LAST[(at + Math.floor(at / FIRST.length)) % LAST.length];
      return `${FIRST[at % FIRST.length]} ${last} <person${at}@example.org> ${who}\n`;
    })
    .join("");
}

async function ready(page: Page): Promise<void> {
  await page.locator(".busy.on").waitFor({ state: "hidden" });
  await page.mouse.move(0, 0);
}

async function still(page: Page): Promise<void> {
  await page.locator('.canvas[data-busy="false"]').waitFor();
}

describe.skipIf(!CHECKOUT || !browserIsThere())("pictures of", { timeout: 10 * MINUTES }, () => {
  let here: Desk;
  const open = async (panel: string, colorScheme: "light" | "dark") => {
    const page = await here.open(panel, { colorScheme, reducedMotion: "reduce" });
    page.setDefaultTimeout(10 * MINUTES); // a first index, or a reading of ten years, comes before
    return page;
  };
  const taken = async (page: Page, name: string) => {
    await ready(page);
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  };

  beforeAll(async () => {
    const home = mkdtempSync(join(tmpdir(), "codearch-pictures-"));
    const root = join(home, "marshmallow");
    const git = (...given: string[]) => execFileSync("git", given, { stdio: "ignore" });
    git("clone", "--quiet", CHECKOUT, root);
    git("-C", root, "checkout", "--quiet", "-B", "dev", COMMIT);
    writeFileSync(join(home, "people"), renamed(root));
    git("-C", root, "config", "mailmap.file", join(home, "people"));
    here = await deskAt(home, root);
    const page = await open("status", "light");
    await page.getByRole("button", { name: "Bring up to date" }).click();
    await page.getByText("Up to date after").waitFor();
  }, 10 * MINUTES);
  afterAll(() => here?.close());

  test.each(["light", "dark"] as const)("search, %s", async (theme) => {
    const page = await open("search", theme);
    await page.getByLabel("Search by meaning").fill("parse a date from text");
    await page.locator(".detail mark").first().waitFor();
    await taken(page, `search-${theme}`);
  });

  // As wide as VS Code shows them, so that they can be read, and without the browser's tabs.
  describe.each(["light", "dark"] as const)("the walkthrough, %s:", (theme) => {
    const step = async (
      name: string,
      panel: string,
      height: number,
      until: (page: Page) => Promise<unknown>,
    ) => {
      const page = await here.open(panel, {
        colorScheme: theme,
        reducedMotion: "reduce",
        viewport: { width: 520, height },
        deviceScaleFactor: 2,
      });
      page.setDefaultTimeout(10 * MINUTES);
      await until(page);
      await ready(page);
      await page.locator("main").screenshot({ path: `${WALKTHROUGH}/${name}-${theme}.png` });
    };

    test("the server", () =>
      step("server", "status", 275, (page) => page.locator(".figures").waitFor()));

    test("search", () =>
      step("search", "search", 560, async (page) => {
        const query = page.getByLabel("Search by meaning");
        await query.fill("check an address"); // the first search of a process loads the model
        await page.locator(".detail mark").first().waitFor();
        await query.fill("parse a date from text");
        await page.getByRole("heading", { name: "from_iso_date" }).waitFor();
      }));

    test("findings", () =>
      step("debt", "debt", 510, async (page) => {
        await page.locator(".row .below").first().click();
        await page.locator(".detail h2").waitFor();
      }));

    test("an explanation", () =>
      step("explain", "explain", 560, async (page) => {
        await page.getByLabel("Symbol", { exact: true }).fill("from_iso_date");
        await page.keyboard.press("Enter");
        await page.locator(".columns").waitFor();
      }));
  });

  test("findings", async () => {
    const page = await open("debt", "light");
    await page.locator(".row .below").first().waitFor();
    await page.getByLabel("Path", { exact: true }).fill("src/**/s*.py");
    await page.locator(".row").filter({ hasText: "`_deserialize` is complex" }).first().click();
    await page.locator(".detail").getByText("independent paths").waitFor();
    await taken(page, "debt");
  });

  test("an explanation, and its place in the graph", async () => {
    const page = await open("explain", "light");
    await page.getByLabel("Symbol", { exact: true }).fill("get_value");
    await page.keyboard.press("Enter");
    await page.locator(".columns").waitFor();
    await page.setViewportSize({ width: 1100, height: 1000 });
    await taken(page, "explain");
    await page.setViewportSize({ width: 1100, height: 720 });
    await page.getByRole("button", { name: "Show in graph" }).click();
    await page.getByText("Only the neighbours of get_value").waitFor();
    await still(page);
    await taken(page, "graph");
  });

  test("the graph of files", async () => {
    const page = await open("graph", "dark");
    await still(page);
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await page.getByLabel("Colour by").selectOption("churn");
    await still(page);
    await taken(page, "graph-dark");
  });

  test("status", async () => {
    const page = await open("status", "light");
    await page.locator(".figures").waitFor();
    await taken(page, "status");
  });

  test("the dashboard", async () => {
    const page = await open("debt", "light");
    await page.getByRole("button", { name: "Dashboard" }).click();
    await page.locator(".chart circle").nth(1).waitFor({ state: "attached" });
    await taken(page, "dashboard");
  });
});
