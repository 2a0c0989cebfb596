import { existsSync } from "node:fs";
import type { Opening, PanelName } from "@codearch/protocol";
import * as vscode from "vscode";
import { page } from "../logic/page.ts";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import { type Relay, relay } from "./relay.ts";

const NAMES: PanelName[] = ["search", "debt", "explain", "graph", "status"];
const open = new Map<PanelName, { panel: vscode.WebviewPanel; relay: Relay }>();

const viewType = (name: PanelName) => `codearchaeologist.${name}`;

/** Fill an editor's webview with a panel, new or after the window was loaded again. */
function fill(server: Server, panel: vscode.WebviewPanel, opening: Opening, state?: unknown): void {
  const { webview } = panel;
  const name = opening.panel;
  const folder = vscode.Uri.joinPath(server.context.extensionUri, "dist", "panels");
  const resource = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  panel.iconPath = vscode.Uri.joinPath(server.context.extensionUri, "media", "icon.png");
  const relayed = relay(server, webview, opening, state);
  open.set(name, { panel, relay: relayed });
  panel.onDidDispose(() => {
    relayed.dispose();
    open.delete(name);
  });
  if (!existsSync(vscode.Uri.joinPath(folder, "panels.js").fsPath)) {
    webview.html = texts.panels.absent;
    return;
  }
  webview.html = page({
    script: resource("panels.js"),
    style: resource("panels.css"),
    source: webview.cspSource,
    title: texts.panels[name],
  });
}

/** Show a panel, in the view where it is if it is open. */
export function show(server: Server, opening: Opening): void {
  const there = open.get(opening.panel);
  if (there) {
    there.panel.reveal();
    there.relay.show(opening);
    return;
  }
  const panel = vscode.window.createWebviewPanel(
    viewType(opening.panel),
    texts.panels[opening.panel],
    vscode.ViewColumn.Active,
    { retainContextWhenHidden: opening.panel === "graph" },
  );
  fill(server, panel, opening);
}

export function panels(server: Server): vscode.Disposable[] {
  return NAMES.flatMap((name) => [
    vscode.commands.registerCommand(`codearchaeologist.panel.${name}`, () =>
      show(server, { panel: name }),
    ),
    vscode.window.registerWebviewPanelSerializer(viewType(name), {
      async deserializeWebviewPanel(panel, state: unknown) {
        fill(server, panel, { panel: name }, state);
      },
    }),
  ]);
}
