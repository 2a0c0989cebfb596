import { suggested } from "@codearch/protocol";
import * as vscode from "vscode";
import { Latest } from "../logic/latest.ts";
import { reasonOf, type Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import { forget, recent, remember } from "../views/recent.ts";
import type { Command } from "./command.ts";
import { type HitItem, hitItem, openPicked, symbolItem } from "./hits.ts";

const PAUSE_MS = 120;
const LIMIT = 30;
const SYMBOLS = 3;
const FORGET = {
  iconPath: new vscode.ThemeIcon("clear-all"),
  tooltip: texts.search.forget,
};

/** One quick pick: what was typed becomes results, and stale ones are dropped. */
class Search {
  private readonly pick = vscode.window.createQuickPick<HitItem>();
  private readonly latest = new Latest();
  private asking: vscode.CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    query: string,
  ) {
    const { pick } = this;
    pick.title = texts.search.title;
    pick.placeholder = texts.search.placeholder;
    // Results come in the server's order. VS Code has the property, its stable types do not.
    (pick as { sortByLabel?: boolean }).sortByLabel = false;
    pick.onDidChangeValue((value) => this.typed(value));
    pick.onDidAccept(() => this.accepted());
    pick.buttons = [FORGET];
    pick.onDidTriggerButton(() => void forget(server).then(() => this.typed(pick.value)));
    pick.onDidHide(() => this.end());
    openPicked(server, pick);
    pick.value = query;
    pick.show();
    this.typed(query);
  }

  private suggestions(typed: string): HitItem[] {
    return suggested(recent(this.server), typed).map((query) => ({
      label: `$(history) ${query}`,
      description: texts.search.recent,
      alwaysShow: true,
      query,
    }));
  }

  private typed(value: string): void {
    const isLatest = this.latest.begin();
    this.asking?.cancel();
    clearTimeout(this.timer);
    if (!value.trim()) {
      this.pick.busy = false;
      this.pick.items = this.suggestions("");
      return;
    }
    this.pick.busy = true;
    this.timer = setTimeout(() => void this.ask(value, isLatest), PAUSE_MS);
  }

  private async ask(query: string, isLatest: () => boolean): Promise<void> {
    this.asking = new vscode.CancellationTokenSource();
    try {
      const { token } = this.asking;
      const [found, named] = await Promise.all([
        this.server.ask("codearch.search", { query, limit: LIMIT }, token),
        this.named(query.trim(), token),
      ]);
      if (!isLatest()) return;
      const results = found.results.map((hit) => hitItem(hit, true));
      const nothing = { label: texts.search.nothing, alwaysShow: true };
      this.pick.items = [
        ...this.suggestions(query),
        ...headed(texts.search.symbols, named),
        ...headed(texts.search.results, results.length ? results : [nothing]),
      ];
      this.pick.title = found.complete
        ? texts.search.title
        : `${texts.search.title} · ${texts.search.partial}`;
    } catch (error) {
      if (!isLatest()) return;
      this.pick.items = [{ label: texts.search.failed(reasonOf(error)), alwaysShow: true }];
    }
    this.pick.busy = false;
  }

  /** Symbols whose names are like one word; of more words none has the name. */
  private async named(query: string, token: vscode.CancellationToken): Promise<HitItem[]> {
    if (/\s/.test(query)) return [];
    const argument = { query, limit: SYMBOLS };
    const { symbols } = await this.server.ask("codearch.symbols", argument, token);
    return symbols.map(symbolItem);
  }

  private accepted(): void {
    const chosen = this.pick.selectedItems[0];
    if (chosen?.query) {
      this.pick.value = chosen.query;
      this.typed(chosen.query);
    } else if (chosen?.hit) {
      void remember(this.server, this.pick.value);
    }
  }

  private end(): void {
    this.latest.begin();
    this.asking?.cancel();
    clearTimeout(this.timer);
    this.pick.dispose();
  }
}

/** Items below a line that says what they are. */
function headed(label: string, items: HitItem[]): HitItem[] {
  const head = { label, kind: vscode.QuickPickItemKind.Separator };
  return items.length ? [head, ...items] : [];
}

export const search: Command = {
  id: "search",
  run(server, query) {
    new Search(server, typeof query === "string" ? query : "");
  },
};

export const searchSelection: Command = {
  id: "searchSelection",
  run(server) {
    const editor = vscode.window.activeTextEditor;
    const text = editor?.document.getText(editor.selection).replace(/\s+/g, " ").trim();
    if (text) new Search(server, text);
    else void vscode.window.showInformationMessage(texts.search.noSelection);
  },
};
