import type { Command } from "./command.ts";

export const logs: Command[] = [
  { id: "showLog", run: (server) => server.log.show() },
  { id: "showTrace", run: (server) => server.trace.show() },
  { id: "restart", run: (server) => server.restartAsked() },
];
