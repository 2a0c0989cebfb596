/** The graph panel before a server that answers with a graph of any size, without a server. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Commands, FromPanel, Graph } from "@codearch/protocol";
import type { Browser, Page } from "playwright-core";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const ORIGIN = "http://panels.test";
const TYPES: Record<string, string> = { html: "text/html", js: "text/javascript", css: "text/css" };
const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

type Answers = Partial<{ [C in keyof Commands]: (argument: Commands[C]["argument"]) => unknown }>;

/** Show a panel whose requests are answered by these functions; an error is answered as one. */
export async function answered(browser: Browser, panel: string, answers: Answers): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.route(`${ORIGIN}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || "index.html";
    const file = `${DIST}/${name}`;
    if (!existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({
      body: readFileSync(file),
      contentType: TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain",
    });
  });
  await page.routeWebSocket(/\/socket$/, (socket) => {
    socket.onMessage((text) => {
      const asked = JSON.parse(String(text)) as FromPanel;
      if (asked.type !== "request") return;
      const answer = answers[asked.command] as ((argument: unknown) => unknown) | undefined;
      if (!answer) return;
      const { id } = asked;
      try {
        const result = answer(asked.argument);
        if (result !== undefined) socket.send(JSON.stringify({ type: "response", id, result }));
      } catch (error) {
        const told = { message: (error as Error).message, code: -32603 };
        socket.send(JSON.stringify({ type: "response", id, error: told }));
      }
    });
  });
  await page.goto(`${ORIGIN}/#token=any&panel=${panel}`);
  return page;
}

/** So many files in sixty folders, most of their links within a folder. */
export function manyFiles(nodes: number, edges: number): Graph {
  let seed = 7;
  const any = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  const id = (number: number) => `part${number % 60}/module_${number}.py`;
  return {
    nodes: Array.from({ length: nodes }, (_, number) => ({
      id: id(number),
      label: id(number),
      kind: "file",
      uri: `file:///w/${id(number)}`,
      range: nowhere,
      lines: any(900),
      complexity: any(90),
      debt: any(40) / 2,
      churn: any(30),
    })),
    edges: Array.from({ length: edges }, (_, number) => ({
      source: id(number % nodes),
      target: id(any(10) < 7 ? (number + 60 * (1 + any(8))) % nodes : any(nodes)),
      kind: "import",
      count: 1 + any(9),
      confidence: 1,
      deferred: false,
    })),
    leftOut: 0,
  };
}
