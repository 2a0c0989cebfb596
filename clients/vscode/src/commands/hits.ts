import path from "node:path";
import type { HitForm, SymbolForm } from "@codearch/protocol";
import * as vscode from "vscode";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import { open, shortPlace } from "./places.ts";
import { pickSimilar } from "./similar.ts";

const ICONS: Record<string, string> = {
  class: "symbol-class",
  enum: "symbol-enum",
  function: "symbol-function",
  interface: "symbol-interface",
  method: "symbol-method",
  module: "symbol-file",
  section: "symbol-string",
  struct: "symbol-struct",
};

const BESIDE = { iconPath: new vscode.ThemeIcon("split-horizontal"), tooltip: texts.search.beside };
const SIMILAR = { iconPath: new vscode.ThemeIcon("files"), tooltip: texts.search.similar };

/** A place to open: a result of a search, or a symbol by its name. */
type Found = Pick<HitForm, "uri" | "range" | "symbol">;

export type HitItem = vscode.QuickPickItem & { hit?: Found; query?: string };

/** A result as a row; `always` keeps it although its words are not those that were typed. */
export function hitItem(hit: HitForm, always: boolean): HitItem & { hit: HitForm } {
  // What stands above all definitions of a file has no name: the file's stands for it.
  const name = hit.symbol || path.posix.basename(vscode.Uri.parse(hit.uri).path);
  const container = hit.container ? `${hit.container}.` : "";
  const similarity = hit.similarity === undefined ? "" : `${Math.round(100 * hit.similarity)} %  `;
  return {
    label: `$(${ICONS[hit.kind] ?? "symbol-misc"}) ${container}${name}`,
    description: [similarity + shortPlace(hit), ...hit.why.map(({ signal }) => signal)].join(" · "),
    detail:
      hit.snippet
        .split("\n")
        .map((line) => line.trim())
        .find(Boolean) ?? "",
    alwaysShow: always,
    buttons: [SIMILAR, BESIDE],
    hit,
  };
}

/** A symbol whose name is like what was typed. */
export function symbolItem({ name, container, kind, uri, selectionRange }: SymbolForm): HitItem {
  const hit = { uri, range: selectionRange, symbol: name };
  return {
    label: `$(${ICONS[kind] ?? "symbol-misc"}) ${container ? `${container}.` : ""}${name}`,
    description: shortPlace(hit),
    alwaysShow: true,
    buttons: [SIMILAR, BESIDE],
    hit,
  };
}

/** Enter opens a result, its buttons open it beside or ask for code like it. */
export function openPicked<T extends HitItem>(server: Server, pick: vscode.QuickPick<T>): void {
  pick.onDidAccept(() => {
    const hit = pick.selectedItems[0]?.hit;
    if (!hit) return;
    pick.hide();
    void open(hit.uri, hit.range);
  });
  pick.onDidTriggerItemButton(({ button, item: { hit } }) => {
    if (!hit) return;
    if (button === BESIDE) {
      void open(hit.uri, hit.range, true);
      return;
    }
    pick.hide();
    void pickSimilar(server, { uri: hit.uri, position: hit.range.start }, hit.symbol);
  });
}
