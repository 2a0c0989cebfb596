import * as vscode from "vscode";
import { commands } from "./commands/index.ts";
import { Server } from "./server/server.ts";
import { texts } from "./texts.ts";
import { views } from "./views/index.ts";

/** What tests ask of the running extension. */
export interface Api {
  server: Server;
  /** How long activation took before it first waited for anything. */
  activationMs: number;
}

export function activate(context: vscode.ExtensionContext): Api {
  const began = performance.now();
  const server = new Server(context);
  context.subscriptions.push(server, ...views(server), ...commands(server));
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("codearch.server")) void server.restartAsked();
      else if (event.affectsConfiguration("codearch")) void server.settingsChanged();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restartAsked()),
  );
  void server.restart();
  const activationMs = performance.now() - began;
  server.log.info(texts.server.activated(activationMs));
  return { server, activationMs };
}
