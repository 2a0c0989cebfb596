import * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

type Item = vscode.QuickPickItem & { command: string };

function items(server: Server): Item[] {
  const { state } = server;
  const one = (icon: string, label: string, command: string): Item => ({
    label: `$(${icon}) ${label}`,
    command: `codearchaeologist.${command}`,
  });
  const always = [
    one("refresh", texts.menu.restart, "restart"),
    one("output", texts.menu.logs, "showLog"),
    one("list-tree", texts.menu.trace, "showTrace"),
  ];
  if (state.kind === "missing")
    return [one("cloud-download", texts.menu.install, "install"), ...always];
  if (state.kind !== "running") return always;
  return [
    one("search", texts.menu.search, "search"),
    one("dashboard", texts.menu.panel, "panel.status"),
    state.status?.state === "paused"
      ? one("debug-start", texts.menu.resume, "resume")
      : one("debug-pause", texts.menu.pause, "pause"),
    one("sync", texts.menu.flush, "flush"),
    one("trash", texts.menu.rebuild, "rebuild"),
    one("pulse", texts.menu.doctor, "doctor"),
    one("server", texts.menu.memory, "memory"),
    ...always,
  ];
}

/** What a click on the status bar offers. */
export const menu: Command = {
  id: "menu",
  async run(server) {
    const options = { title: texts.menu.title };
    const chosen = await vscode.window.showQuickPick(items(server), options);
    if (chosen) await vscode.commands.executeCommand(chosen.command);
  },
};
