import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

const MB = 1024 * 1024;

/** Megabytes that a process holds; undefined where the system does not tell. */
async function heldBy(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === "linux") {
      const found = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, "utf8"));
      return found ? Number(found[1]) / 1024 : undefined;
    }
    if (process.platform === "win32") return undefined;
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
    return Number(stdout) / 1024;
  } catch {
    return undefined;
  }
}

export const memory: Command = {
  id: "memory",
  async run(server) {
    const { store } = await server.ask("codearch.status", {});
    const rows: string[] = [];
    const held = server.pid === undefined ? undefined : await heldBy(server.pid);
    if (held !== undefined) rows.push(texts.memoryRow("server", held));
    const disk = texts.disk((store.bytes ?? 0) / MB, store.path ?? "");
    const detail = texts.memory(rows, disk);
    await vscode.window.showInformationMessage(texts.menu.memory, { modal: true, detail });
  },
};
