import * as vscode from "vscode";
import { explicit, serverKeys } from "../logic/settings.ts";

interface Category {
  properties?: Record<string, unknown>;
}

/** What people set of the server's settings, nested, as the server takes it. */
export function serverSettings(extension: vscode.Extension<unknown>): Record<string, unknown> {
  const contributed = extension.packageJSON.contributes.configuration as Category[];
  const declared = contributed.flatMap((each) => Object.keys(each.properties ?? {}));
  const section = vscode.workspace.getConfiguration("codearch");
  return explicit(serverKeys(declared), (key) => section.inspect(key));
}

/** One of the extension's own settings. */
export function own<T>(key: string, otherwise: T): T {
  return vscode.workspace.getConfiguration("codearch").get(key, otherwise);
}
