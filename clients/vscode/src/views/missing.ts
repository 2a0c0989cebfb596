import * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";

/** Where no server is found: say so once a window, and offer to install it. */
export function missing(server: Server): vscode.Disposable {
  let said = false;
  return server.onDidChange(async ({ kind }) => {
    if (kind !== "missing" || said) return;
    said = true;
    const { install, choose } = texts.buttons;
    const button = await vscode.window.showWarningMessage(texts.server.missing, install, choose);
    if (button === install) await vscode.commands.executeCommand("codearchaeologist.install");
    if (button === choose) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "codearch.server.path");
    }
  });
}
