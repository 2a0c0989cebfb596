import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { type Found, find } from "../logic/finding.ts";
import { installedIn } from "./installed.ts";
import { projectEnvironment } from "./python.ts";
import { own } from "./settings.ts";

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Find the server where it may lie; nothing that an untrusted workspace brings is run. */
export async function locate(storage: vscode.Uri): Promise<Found | undefined> {
  const trusted = vscode.workspace.isTrusted;
  return find({
    setting: own("server.path", ""),
    project: trusted ? await projectEnvironment() : undefined,
    path: process.env["PATH"] ?? "",
    private: await installedIn(storage),
    home: homedir(),
    windows: process.platform === "win32",
    isProgram,
  });
}
