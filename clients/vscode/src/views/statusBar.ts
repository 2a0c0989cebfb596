import * as vscode from "vscode";
import { bar, context } from "../logic/state.ts";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";

/** The entry in the status bar, and the context key that goes with it. */
export function statusBar(server: Server): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem(
    "codearchaeologist",
    vscode.StatusBarAlignment.Left,
    -10,
  );
  item.name = texts.name;
  item.command = "codearchaeologist.menu";

  function draw(): void {
    const { text, tooltip, problem } = bar(server.state);
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = problem
      ? new vscode.ThemeColor("statusBarItem.warningBackground")
      : undefined;
    item.accessibilityInformation = { label: `${texts.name}: ${tooltip}` };
    void vscode.commands.executeCommand(
      "setContext",
      "codearchaeologist.server",
      context(server.state),
    );
  }

  draw();
  item.show();
  return [item, server.onDidChange(draw)];
}
