import * as vscode from "vscode";
import { installedIn, removeOthers } from "../server/installed.ts";
import { installServer } from "../server/installing.ts";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

/** Install the server, or update the one that was installed so. */
export const install: Command = {
  id: "install",
  run: (server) => installServer(server),
};

export const uninstall: Command = {
  id: "uninstall",
  async run(server) {
    const storage = server.context.globalStorageUri;
    if (!(await installedIn(storage))) {
      void vscode.window.showInformationMessage(texts.install.none);
      return;
    }
    const { askRemove, removed } = texts.install;
    const button = texts.buttons.remove;
    if ((await vscode.window.showWarningMessage(askRemove, { modal: true }, button)) !== button)
      return;
    await server.stop();
    await removeOthers(storage, undefined);
    void vscode.window.showInformationMessage(removed);
    await server.restartAsked();
  },
};
