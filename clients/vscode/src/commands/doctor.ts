import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

/** Show what `codearch doctor` says; it exits with 1 or 3 where something is off, and says what. */
export const doctor: Command = {
  id: "doctor",
  async run(server) {
    const command = server.found?.command;
    if (!command) throw new Error(texts.server.missing);
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const options = { location: vscode.ProgressLocation.Window, title: texts.menu.doctor };
    const said = await vscode.window.withProgress(options, () =>
      promisify(execFile)(command, ["doctor"], { cwd }).then(
        ({ stdout }) => stdout,
        (error: { stdout?: string; message: string }) =>
          error.stdout || texts.doctorFailed(error.message),
      ),
    );
    for (const line of said.trimEnd().split("\n")) server.log.info(line);
    server.log.show();
  },
};
