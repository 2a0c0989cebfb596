import type { FromPanel, Opening, Request, ToPanel } from "@codearch/protocol";
import * as vscode from "vscode";
import { open } from "../commands/places.ts";
import { reasonOf, type Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import { makeEdits } from "./edits.ts";
import { show } from "./panels.ts";
import { forget, onDidChangeRecent, recent, remember } from "./recent.ts";

const INTERNAL_ERROR = -32603;

export interface Relay extends vscode.Disposable {
  show(opening: Opening): void;
}

/** Stand between a panel and the server: of the server's commands those alone that it offers. */
export function relay(
  server: Server,
  webview: vscode.Webview,
  opening: Opening,
  state: unknown,
): Relay {
  const asked = new Map<number, vscode.CancellationTokenSource>();
  let shown =
    state === undefined
      ? { type: "show" as const, opening }
      : { type: "show" as const, opening, state };
  let generation = -1;
  let ready = false;

  const say = (message: ToPanel) => void webview.postMessage(message);

  async function answer({ id, command, argument }: Request): Promise<void> {
    const cancelling = new vscode.CancellationTokenSource();
    asked.set(id, cancelling);
    try {
      await server.started(cancelling.token);
      if (!command.startsWith("codearch.") || !server.commands.includes(command)) {
        throw new Error(
          server.commands.length ? `unknown command: ${command}` : texts.server.notRunning,
        );
      }
      const result = await server.ask(command, argument, cancelling.token);
      say({ type: "response", id, result });
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const number = typeof code === "number" ? code : INTERNAL_ERROR;
      say({ type: "response", id, error: { message: reasonOf(error), code: number } });
    } finally {
      asked.delete(id);
      cancelling.dispose();
    }
  }

  function told(): void {
    const { state } = server;
    if (!ready || state.kind !== "running" || !state.status) return;
    say({ type: "status", status: state.status });
    if (generation !== state.status.generation) say({ type: "changed" });
    generation = state.status.generation;
  }

  const begin = () => {
    ready = true;
    say({ type: "recent", queries: recent(server) });
    say(shown);
    told();
  };

  const heard = async (message: FromPanel): Promise<void> => {
    switch (message.type) {
      case "request":
        return answer(message);
      case "cancel":
        return asked.get(message.id)?.cancel();
      case "ready":
        return begin();
      case "open":
        return open(message.uri, message.range, message.beside);
      case "show":
        return show(server, message.opening);
      case "save":
        return save(message.name, message.text);
      case "copy":
        return vscode.env.clipboard.writeText(message.text);
      case "edit":
        return makeEdits(message.mend);
      case "remember":
        return remember(server, message.query);
      case "forget":
        return forget(server);
      case "keep":
        return; // the webview keeps it itself
    }
  };

  const listening = [
    webview.onDidReceiveMessage((message: FromPanel) => {
      heard(message).catch((error: unknown) => {
        void vscode.window.showErrorMessage(texts.panels.failed(reasonOf(error)));
      });
    }),
    server.onDidChange(told),
    onDidChangeRecent((queries) => say({ type: "recent", queries })),
  ];
  return {
    show(opening) {
      shown = { type: "show", opening };
      if (ready) say(shown);
    },
    dispose() {
      for (const each of listening) each.dispose();
      for (const each of asked.values()) each.cancel();
    },
  };
}

async function save(name: string, text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = name.replace(/[/\\:]/g, "-");
  const options = folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {};
  const target = await vscode.window.showSaveDialog(options);
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
