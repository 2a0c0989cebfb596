/** The panels against answers that a test gives, for what a server seldom is in. */

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command, Explanation, HitForm, Status, SymbolForm } from "@codearch/protocol";
import type { Page } from "playwright-core";
import { finding, HOSTILE, range } from "../finding.ts";

const BUNDLE = fileURLToPath(new URL("../../dist", import.meta.url));
const HOME = "http://127.0.0.1:1";
const KINDS: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
};

/** A result, an error, or `"never"` for no answer at all. */
export type Answers = Partial<Record<Command, object | Error | "never">>;

/** Open a panel; what has no answer is refused. */
export async function shown(page: Page, panel: string, answers: Answers): Promise<void> {
  page.setDefaultTimeout(0); // a test's own limit holds
  await page.route(`${HOME}/**`, (route) => {
    const name = basename(new URL(route.request().url()).pathname) || "index.html";
    const contentType = KINDS[name.split(".").at(-1) ?? ""] ?? "text/plain";
    return route.fulfill({ contentType, body: readFileSync(join(BUNDLE, name)) });
  });
  await page.routeWebSocket(/socket$/, (socket) => {
    socket.onMessage((text) => {
      const { type, id, command } = JSON.parse(`${text}`) as {
        type: string;
        id: number;
        command: Command;
      };
      if (type !== "request") return;
      const answer = answers[command] ?? new Error(`${command} is not answered here`);
      if (answer === "never") return;
      const given =
        answer instanceof Error
          ? { error: { message: answer.message, code: -32803 } }
          : { result: answer };
      socket.send(JSON.stringify({ type: "response", id, ...given }));
    });
  });
  await page.goto(`${HOME}/#token=any&panel=${panel}`);
  await page.locator(".panel > div").waitFor();
}

export function listed(count: number, total = count, more: object = {}): object {
  const items = Array.from({ length: count }, (_, number) => finding(number));
  const summary = { effortHours: count, bySeverity: {}, byCategory: {} };
  return { items, total, summary, leftOut: null, ...more };
}

export function hits(count: number, complete = true): object {
  const results = Array.from(
    { length: count },
    (_, number): HitForm => ({
      uri: `file:///w/a/file${number % 7}.py`,
      range: range(number),
      symbol: `name${number}`,
      container: number % 2 ? HOSTILE : "",
      kind: "function",
      language: "python",
      score: 1,
      snippet: `def name${number}():\n    return "${"<b>"}"\n`,
      snippetLine: number,
      highlights: [],
      why: [{ signal: "name", detail: HOSTILE }],
    }),
  );
  return { results, tookMs: 3, complete, generation: 1 };
}

export function symbol(name: string): SymbolForm {
  return {
    id: name,
    name,
    container: "",
    kind: "function",
    language: "python",
    uri: "file:///w/a.py",
    range: range(1),
    selectionRange: range(1),
  };
}

export function explained(callers: number): Explanation {
  return {
    symbol: symbol("pay"),
    signature: "def pay():",
    summary: "",
    callers: Array.from({ length: callers }, (_, number) => ({
      symbol: symbol(`caller${number}`),
      uri: "file:///w/b.py",
      at: range(number),
      count: 1,
      confidence: 1,
    })),
    callees: [],
    tests: [],
    owners: [{ name: HOSTILE, lines: 3, share: 1 }],
    churn: {
      commits: 1,
      fileCommits: 1,
      uncommitted: 0,
      lastCommit: "abc",
      lastAuthor: HOSTILE,
      lastTime: 1_700_000_000,
      lastSubject: `Subject ${HOSTILE}`,
    },
    complexity: null,
    debt: callers ? [finding(1)] : [],
    knowledge: callers ? [`**Ada** said so. ${HOSTILE} [x](javascript:harm())`] : [],
    docs: callers ? `# Pays\n\n${HOSTILE}\n\n- once\n- \`twice\`\n\n> never` : "",
    markdown: "",
    others: [],
  };
}

export function status(more: Partial<Status> = {}): Status {
  return {
    version: "1",
    state: "ready",
    health: "ok",
    files: 3,
    symbols: 9,
    embedded: 9,
    pending: 0,
    generation: 1,
    model: { name: "small" },
    store: { bytes: 1e6 },
    latency: {},
    cache: { hitRate: 1 },
    problems: [],
    folders: [{ root: "/w", state: "ready" }],
    ...more,
  };
}
