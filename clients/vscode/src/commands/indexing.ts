import * as vscode from "vscode";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";

const rebuild: Command = {
  id: "rebuild",
  async run(server) {
    const { ask, detail } = texts.rebuild;
    const button = texts.buttons.rebuild;
    const answer = await vscode.window.showWarningMessage(ask, { modal: true, detail }, button);
    if (answer === button) await server.ask("codearch.index.rebuild", {});
  },
};

const flush: Command = {
  id: "flush",
  async run(server) {
    const options = { location: vscode.ProgressLocation.Window, title: texts.menu.flush };
    const { tookMs } = await vscode.window.withProgress(options, () =>
      server.ask("codearch.index.flush", {}),
    );
    vscode.window.setStatusBarMessage(texts.flushed(tookMs), 5000);
  },
};

/** What is done with the index as a whole. */
export const indexing: Command[] = [
  { id: "pause", run: (server) => server.ask("codearch.index.pause", {}) },
  { id: "resume", run: (server) => server.ask("codearch.index.resume", {}) },
  rebuild,
  flush,
];
