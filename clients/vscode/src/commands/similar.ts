import type { HitForm } from "@codearch/protocol";
import * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";
import { hitItem, openPicked } from "./hits.ts";
import { placeAtCursor } from "./places.ts";

/** Pick among code like the code at a place, or like what is selected. */
export async function pickSimilar(
  server: Server,
  to: { uri: string; position: HitForm["range"]["start"] } | { code: string; language: string },
  name: string,
): Promise<void> {
  const pick = vscode.window.createQuickPick<ReturnType<typeof hitItem>>();
  const cancelling = new vscode.CancellationTokenSource();
  pick.title = texts.search.similarTo(name);
  pick.matchOnDescription = true;
  pick.busy = true;
  pick.onDidHide(() => {
    cancelling.cancel();
    pick.dispose();
  });
  openPicked(server, pick);
  pick.show();
  const { results } = await server.ask("codearch.similar", to, cancelling.token);
  pick.items = results.map((hit) => hitItem(hit, false));
  pick.busy = false;
  if (!results.length) pick.placeholder = texts.search.nothing;
}

export const similar: Command = {
  id: "similar",
  async run(server) {
    const editor = vscode.window.activeTextEditor;
    if (editor && !editor.selection.isEmpty) {
      const code = editor.document.getText(editor.selection);
      const named = code.trim().split("\n")[0] ?? "";
      const { languageId } = editor.document;
      await pickSimilar(server, { code, language: languageId }, named);
      return;
    }
    const place = placeAtCursor();
    if (place) await pickSimilar(server, place, vscode.workspace.asRelativePath(place.uri));
  },
};
