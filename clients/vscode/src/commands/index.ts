import * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { reasonOf } from "../server/server.ts";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";
import { setStatus } from "./debtStatus.ts";
import { doctor } from "./doctor.ts";
import { explain, graphs } from "./explain.ts";
import { indexing } from "./indexing.ts";
import { install, uninstall } from "./install.ts";
import { logs } from "./logs.ts";
import { memory } from "./memory.ts";
import { menu } from "./menu.ts";
import { newCode } from "./newCode.ts";
import { search, searchSelection } from "./search.ts";
import { similar } from "./similar.ts";

const ALL: Command[] = [
  search,
  searchSelection,
  similar,
  explain,
  ...graphs,
  menu,
  ...indexing,
  ...logs,
  ...newCode,
  setStatus,
  doctor,
  memory,
  install,
  uninstall,
];

/** Register all commands; one that fails says so. */
export function commands(server: Server): vscode.Disposable[] {
  return ALL.map(({ id, run }) =>
    vscode.commands.registerCommand(`codearchaeologist.${id}`, async (...given: unknown[]) => {
      try {
        return await run(server, ...given);
      } catch (error) {
        server.log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(texts.panels.failed(reasonOf(error)));
        return undefined;
      }
    }),
  );
}
