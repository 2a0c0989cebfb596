import * as vscode from "vscode";
import type { Found } from "../logic/finding.ts";
import type { Fit } from "../logic/version.ts";
import { texts } from "../texts.ts";

/** Say that a server and this extension do not belong together, and offer what mends it. */
export function misfit(
  verdict: Exclude<Fit, "fits">,
  has: string,
  wants: string,
  found: Found,
): string {
  const { buttons } = texts;
  const reason = verdict === "unknown" ? texts.server.unknown : texts.server[verdict](has, wants);
  const mend = verdict === "tooNew" ? buttons.updateExtension : buttons.update;
  void vscode.window
    .showErrorMessage(`${reason} (${found.command})`, mend, buttons.choose)
    .then((button) => {
      if (button === buttons.choose) {
        void vscode.commands.executeCommand(
          "workbench.action.openSettings",
          "codearch.server.path",
        );
      } else if (button === buttons.updateExtension) {
        void vscode.commands.executeCommand("workbench.extensions.action.checkForUpdates");
      } else if (button === buttons.update) {
        void vscode.commands.executeCommand("codearchaeologist.install");
      }
    });
  return reason;
}
