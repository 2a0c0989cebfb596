import * as vscode from "vscode";
import { remembered, suggested } from "../logic/history.ts";
import { Latest } from "../logic/latest.ts";
import { reasonOf, type Server } from "../server/server.ts";
import { texts } from "../texts.ts";
import type { Command } from "./command.ts";
import { type HitItem, hitItem, openPicked } from "./hits.ts";

const KEY = "search.recent";
const PAUSE_MS = 120;
const LIMIT = 30;

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
    pick.onDidHide(() => this.end());
    openPicked(server, pick);
    pick.value = query;
    pick.show();
    this.typed(query);
  }

  private get recent(): string[] {
    return this.server.context.workspaceState.get<string[]>(KEY, []);
  }

  private suggestions(typed: string): HitItem[] {
    return suggested(this.recent, typed).map((query) => ({
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
      const argument = { query, limit: LIMIT };
      const found = await this.server.ask("codearch.search", argument, this.asking.token);
      if (!isLatest()) return;
      const results = found.results.map((hit) => hitItem(hit, true));
      const nothing = { label: texts.search.nothing, alwaysShow: true };
      this.pick.items = [...this.suggestions(query), ...(results.length ? results : [nothing])];
      this.pick.title = found.complete
        ? texts.search.title
        : `${texts.search.title} · ${texts.search.partial}`;
    } catch (error) {
      if (!isLatest()) return;
      this.pick.items = [{ label: texts.search.failed(reasonOf(error)), alwaysShow: true }];
    }
    this.pick.busy = false;
  }

  private accepted(): void {
    const chosen = this.pick.selectedItems[0];
    if (chosen?.query) {
      this.pick.value = chosen.query;
      this.typed(chosen.query);
    } else if (chosen?.hit) {
      const recent = remembered(this.recent, this.pick.value);
      void this.server.context.workspaceState.update(KEY, recent);
    }
  }

  private end(): void {
    this.latest.begin();
    this.asking?.cancel();
    clearTimeout(this.timer);
    this.pick.dispose();
  }
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
