import type { Server } from "../server/server.ts";

/** One command of the extension: its id without the prefix, and what it does. */
export interface Command {
  id: string;
  run: (server: Server, ...given: unknown[]) => unknown;
}
