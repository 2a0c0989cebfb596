import type { DebtItem } from "@codearch/protocol";
import * as vscode from "vscode";
import { open } from "../commands/places.ts";
import { type Group, type Grouping, grouped } from "../logic/debtGroups.ts";
import type { Server } from "../server/server.ts";
import { texts } from "../texts.ts";

const VIEW = "codearchaeologist.debt";
const KEY = "debt.grouping";
const LIMIT = 5000;
const SETTLE_MS = 800;

type Leaf = { item: DebtItem; inFile: boolean };
type Node = Group | Leaf;

const isGroup = (node: Node): node is Group => "items" in node;

/** Findings as a tree, by file, rule or priority. */
class DebtTree implements vscode.TreeDataProvider<Node> {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  view: vscode.TreeView<Node> | undefined;
  private items: DebtItem[] = [];

  constructor(private readonly server: Server) {}

  get grouping(): Grouping {
    return this.server.context.workspaceState.get<Grouping>(KEY, "file");
  }

  async group(by: Grouping): Promise<void> {
    await this.server.context.workspaceState.update(KEY, by);
    this.changes.fire(undefined);
  }

  async load(): Promise<void> {
    if (this.server.state.kind !== "running") {
      this.items = [];
    } else {
      const { items, total, summary } = await this.server.ask("codearch.debt.list", {
        limit: LIMIT,
      });
      this.items = items;
      if (this.view) {
        this.view.description = texts.debt.count(items.length, total, summary.effortHours);
      }
    }
    this.changes.fire(undefined);
  }

  getChildren(node?: Node): Node[] {
    if (!node) return grouped(this.items, this.grouping);
    if (!isGroup(node)) return [];
    const inFile = this.grouping === "file";
    return node.items.map((item) => ({ item, inFile }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
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
    command("open", (uri: string, range: DebtItem["range"]) => open(uri, range)),
    { dispose: () => clearTimeout(timer) },
  ];
}
