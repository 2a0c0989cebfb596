import type * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { debtTree } from "./debtTree.ts";
import { missing } from "./missing.ts";
import { panels } from "./panels.ts";
import { statusBar } from "./statusBar.ts";

export function views(server: Server): vscode.Disposable[] {
  return [...statusBar(server), ...debtTree(server), ...panels(server), missing(server)];
}
