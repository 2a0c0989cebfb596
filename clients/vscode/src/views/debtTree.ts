import type { DebtItem, LeftOut } from "@codearch/protocol";
import * as vscode from "vscode";
import { open } from "../commands/places.ts";
import { type Group, type Grouping, grouped, left } from "../logic/debtGroups.ts";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";

const VIEW = "codearchaeologist.debt";
const KEY = "debt.grouping";
const NEW_ONLY = "debt.newOnly";
const LIMIT = 5000;
const SETTLE_MS = 800;

type Leaf = { item: DebtItem; inFile: boolean };
type Rest = NonNullable<ReturnType<typeof left>>;
type Node = Group | Leaf | Rest;

const isGroup = (node: Node): node is Group => "items" in node;
const isRest = (node: Node): node is Rest => "label" in node;

/** Findings as a tree, by file, rule or priority. */
class DebtTree implements vscode.TreeDataProvider<Node> {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  view: vscode.TreeView<Node> | undefined;
  private items: DebtItem[] = [];
  private leftOut: LeftOut | null = null;

  constructor(private readonly server: Server) {}

  get grouping(): Grouping {
    return this.server.context.workspaceState.get<Grouping>(KEY, "file");
  }

  async group(by: Grouping): Promise<void> {
    await this.server.context.workspaceState.update(KEY, by);
    this.changes.fire(undefined);
  }

  get newOnly(): boolean {
    return this.server.context.workspaceState.get<boolean>(NEW_ONLY, false);
  }

  /** List new code alone, or all of it again. */
  async narrow(newOnly: boolean): Promise<void> {
    await this.server.context.workspaceState.update(NEW_ONLY, newOnly);
    await vscode.commands.executeCommand("setContext", `${VIEW}.newOnly`, newOnly);
    await this.load();
  }

  async load(): Promise<void> {
    if (this.server.state.kind !== "running") {
      this.items = [];
      this.leftOut = null;
    } else {
      const { items, total, summary, leftOut } = await this.server.ask("codearch.debt.list", {
        limit: LIMIT,
        newOnly: this.newOnly,
      });
      this.items = items;
      this.leftOut = leftOut;
      if (this.view) {
        this.view.description = texts.debt.count(items.length, total, summary.effortHours);
      }
    }
    this.changes.fire(undefined);
  }

  getChildren(node?: Node): Node[] {
    if (!node) {
      const rest = left(this.leftOut);
      return [...grouped(this.items, this.grouping), ...(rest ? [rest] : [])];
    }
    if (!isGroup(node)) return [];
    const inFile = this.grouping === "file";
    return node.items.map((item) => ({ item, inFile }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (isRest(node)) return restItem(node);
    return isGroup(node) ? this.groupItem(node) : leafItem(node);
  }

  private groupItem({ key, items }: Group): vscode.TreeItem {
    const item = new vscode.TreeItem(key, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `${this.grouping}:${key}`;
    item.description = String(items.length);
    if (this.grouping === "file") {
      item.resourceUri = vscode.Uri.parse(key);
      item.label = vscode.workspace.asRelativePath(item.resourceUri);
      item.iconPath = vscode.ThemeIcon.File;
    } else if (this.grouping === "priority") {
      item.label = texts.debt.bands[key as keyof typeof texts.debt.bands];
    }
    return item;
  }
}

function leafItem({ item: finding, inFile }: Leaf): vscode.TreeItem {
  const item = new vscode.TreeItem(finding.message);
  item.id = finding.id;
  const line = finding.range.start.line + 1;
  const path = vscode.workspace.asRelativePath(vscode.Uri.parse(finding.uri));
  item.description = inFile ? String(line) : `${path}:${line}`;
  item.tooltip = [
    finding.message,
    texts.debt.item(finding.rule, finding.severity, finding.effortHours, finding.priority),
    finding.note,
  ]
    .filter(Boolean)
    .join("\n\n");
  item.iconPath = icon(finding.severity);
  item.contextValue = "finding";
  item.command = {
    command: "codearchaeologist.debt.open",
    title: "",
    arguments: [finding.uri, finding.range],
  };
  return item;
}

/** What is left out, at the end; a click lists it. */
function restItem({ label, detail }: Rest): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = "left out";
  item.iconPath = new vscode.ThemeIcon("filter");
  item.tooltip = [label, detail].filter(Boolean).join("\n");
  item.command = { command: `${VIEW}.listAll`, title: "" };
  return item;
}

function icon(severity: number): vscode.ThemeIcon {
  const [name, color] =
    severity >= 5
      ? ["error", "problemsErrorIcon.foreground"]
      : severity === 4
        ? ["warning", "problemsWarningIcon.foreground"]
        : ["info", "problemsInfoIcon.foreground"];
  return new vscode.ThemeIcon(name as string, new vscode.ThemeColor(color as string));
}

export function debtTree(server: Server): vscode.Disposable[] {
  const tree = new DebtTree(server);
  const view = vscode.window.createTreeView<Node>(VIEW, {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  tree.view = view;
  void vscode.commands.executeCommand("setContext", `${VIEW}.newOnly`, tree.newOnly);
  let seen = "";
  let timer: NodeJS.Timeout | undefined;

  /** Look again when the index has changed, and not while nobody sees it. */
  function look(): void {
    const { state } = server;
    const now =
      state.kind === "running" ? `${state.status?.state}:${state.status?.generation}` : "";
    if (!view.visible || now === seen) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      seen = now;
      tree.load().catch((error: unknown) => server.log.warn(String(error)));
    }, SETTLE_MS);
  }

  const command = (id: string, run: (...given: never[]) => unknown) =>
    vscode.commands.registerCommand(`${VIEW}.${id}`, run);
  return [
    view,
    view.onDidChangeVisibility(look),
    server.onDidChange(look),
    command("refresh", () => tree.load()),
    command("byFile", () => tree.group("file")),
    command("byRule", () => tree.group("rule")),
    command("byPriority", () => tree.group("priority")),
    command("listNew", () => tree.narrow(true)),
    command("listAll", () => tree.narrow(false)),
    command("open", (uri: string, range: DebtItem["range"]) => open(uri, range)),
    { dispose: () => clearTimeout(timer) },
  ];
}
