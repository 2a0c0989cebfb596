import type { DebtItem, Verdict } from "@codearch/protocol";
import * as vscode from "vscode";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

/** Ask where a finding stands, and why, and tell the server. */
export const setStatus: Command = {
  id: "debt.setStatus",
  async run(server, given) {
    const item = (given as { item?: DebtItem } | undefined)?.item;
    if (!item) return;
    const statuses = Object.entries(texts.debt.statuses).map(
      ([status, [label = "", detail = ""]]) => ({
        label,
        detail,
        status: status as Verdict["status"],
        picked: status === item.status,
      }),
    );
    const options = { title: texts.debt.statusTitle, placeHolder: item.message };
    const chosen = await vscode.window.showQuickPick(statuses, options);
    if (!chosen) return;
    const note = await vscode.window.showInputBox({
      title: texts.debt.noteTitle,
      value: item.note,
    });
    if (note === undefined) return;
    await server.ask("codearch.debt.resolve", { id: item.id, status: chosen.status, note });
    await vscode.commands.executeCommand("codearchaeologist.debt.refresh");
  },
};
