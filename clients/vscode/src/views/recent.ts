import { remembered } from "@codearch/protocol";
import * as vscode from "vscode";
import type { Server } from "../server/server.ts";

const KEY = "search.recent";
const changes = new vscode.EventEmitter<string[]>();

/** Told when somebody searched for something new, or had all of it forgotten. */
export const onDidChangeRecent = changes.event;

/** What was searched for lately in this workspace, the latest first. */
export function recent(server: Server): string[] {
  return server.context.workspaceState.get<string[]>(KEY, []);
}

async function keep(server: Server, queries: string[] | undefined): Promise<void> {
  await server.context.workspaceState.update(KEY, queries);
  changes.fire(queries ?? []);
}

export const remember = (server: Server, query: string): Promise<void> =>
  keep(server, remembered(recent(server), query));

export const forget = (server: Server): Promise<void> => keep(server, undefined);
