import { readFile, rm, writeFile } from "node:fs/promises";
import * as vscode from "vscode";

/** Names the environment in use; written last, so that half an installation is never used. */
const POINTER = "server.json";

/** The folder of the environment that this extension made, if there is one. */
export async function installedIn(storage: vscode.Uri): Promise<string | undefined> {
  try {
    const text = await readFile(vscode.Uri.joinPath(storage, POINTER).fsPath, "utf8");
    const { folder } = JSON.parse(text) as { folder?: unknown };
    return typeof folder === "string" ? vscode.Uri.joinPath(storage, folder).fsPath : undefined;
  } catch {
    return undefined;
  }
}

export async function useInstalled(storage: vscode.Uri, folder: string): Promise<void> {
  await writeFile(vscode.Uri.joinPath(storage, POINTER).fsPath, JSON.stringify({ folder }));
}

/** Delete all environments but one. */
export async function removeOthers(storage: vscode.Uri, kept: string | undefined): Promise<void> {
  if (!kept) await rm(vscode.Uri.joinPath(storage, POINTER).fsPath, { force: true });
  for (const [name] of await vscode.workspace.fs.readDirectory(storage)) {
    if (name.startsWith("server-") && name !== kept) {
      const folder = vscode.Uri.joinPath(storage, name).fsPath;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
