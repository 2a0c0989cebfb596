import * as vscode from "vscode";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

/** What `codearch.diagnostics.since` is set to: undefined leaves it to the team, else to new code. */
async function since(value: string | undefined): Promise<void> {
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("codearch").update("diagnostics.since", value, target);
  vscode.window.setStatusBarMessage(value ? texts.debt.all : texts.debt.newOnly, 5000);
}

export const newCode: Command[] = [
  { id: "debt.newCodeOnly", run: () => since(undefined) },
  { id: "debt.allCode", run: () => since("all") },
];
