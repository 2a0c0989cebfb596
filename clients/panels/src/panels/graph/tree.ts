/** What a graph's answers hold, as a tree: symbols in files in folders, and links between leaves. */

import type { EdgeForm, Graph, NodeForm } from "@codearch/protocol";

/** A folder, file or symbol; `within` are the folders and the file around it, the outermost first. */
export interface Unit extends Omit<NodeForm, "id"> {
  id: string;
  within: readonly string[];
  /** How many leaves of the graph it stands for. */
  count: number;
}

export interface Link {
  source: string;
  target: string;
  count: number;
  /** Deferred or unsure: drawn faintly. */
  faint: boolean;
  /** An import that is best cut to end a cycle. */
  cut: boolean;
}

export interface Tree {
  /** By id: every folder, every file, and the symbols of the files that were looked into. */
  units: ReadonlyMap<string, Unit>;
  links: readonly Link[];
  /** What the server has left out. */
  leftOut: number;
}

const SURE = 0.8;
const NOWHERE = {
  uri: "",
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
};

/** By the id of the file that was looked into, "" for the symbols of all files. */
export type Symbols = ReadonlyMap<string, Graph>;

/** Build the tree of the files' graph and of the symbols' graphs around some files. */
export function grown(files: Graph, symbols: Symbols): Tree {
  const units = new Map<string, Unit>();
  for (const node of files.nodes ?? []) units.set(node.id, { ...node, within: [], count: 1 });
  const chains = folders([...units.keys()]);
  for (const [id, { within, names }] of chains) {
    const file = units.get(id) as Unit;
    units.set(id, { ...file, label: id.slice(names.length), within });
    within.forEach((folder, depth) => {
      addTo(units, folder, within.slice(0, depth), file);
    });
  }
  const { inside, ends } = symbolsOf(units, symbols);
  for (const unit of inside) units.set(unit.id, unit);
  return { units, links: links(files, symbols, units, ends), leftOut: left(files, symbols) };
}

/** The ids of everything that can be opened, outer before inner. */
export function boxes(tree: Tree): string[] {
  const found = [...tree.units.values()].flatMap((unit) => unit.within);
  return [...new Set(found)].sort((one, other) => one.length - other.length);
}

export const isFolder = (unit: Pick<Unit, "kind">): boolean => unit.kind === "folder";

/** A name that can be told from others: a file's and a folder's whole path. */
export function named(tree: Tree, id: string): string {
  const unit = tree.units.get(id);
  if (!unit) return id;
  return isFolder(unit) || unit.kind === "file" ? id : unit.label;
}

/** The folders around each file; one that holds nothing but another folder is a part of its name. */
function folders(
  ids: readonly string[],
): Map<string, { within: readonly string[]; names: string }> {
  const children = new Map<string, Set<string>>();
  for (const id of ids) {
    const steps = chain(id);
    [...steps, id].forEach((step, depth) => {
      const around = steps[depth - 1] ?? "";
      children.set(around, (children.get(around) ?? new Set()).add(step));
    });
  }
  const holdsOneFolder = (folder: string) => {
    const [only, ...others] = children.get(folder) ?? [];
    return others.length === 0 && only?.endsWith("/");
  };
  return new Map(
    ids.map((id) => [
      id,
      { within: chain(id).filter((folder) => !holdsOneFolder(folder)), names: around(id) },
    ]),
  );
}

/** `a/b/c.py` lies in `a/` and `a/b/`: a folder's id ends with a slash, so no file has it too. */
function chain(id: string): string[] {
  const found: string[] = [];
  for (let at = id.indexOf("/"); at >= 0; at = id.indexOf("/", at + 1)) {
    found.push(id.slice(0, at + 1));
  }
  return found;
}

const around = (id: string): string => id.slice(0, id.lastIndexOf("/") + 1);

function addTo(
  units: Map<string, Unit>,
  id: string,
  within: readonly string[],
  file: NodeForm,
): void {
  const before = units.get(id);
  units.set(id, {
    ...NOWHERE,
    id,
    label: id.slice(within.at(-1)?.length ?? 0),
    kind: "folder",
    within,
    count: (before?.count ?? 0) + 1,
    lines: (before?.lines ?? 0) + file.lines,
    complexity: (before?.complexity ?? 0) + file.complexity,
    debt: (before?.debt ?? 0) + file.debt,
    churn: (before?.churn ?? 0) + file.churn,
  });
}

/** The symbols of files that were looked into, and for every symbol met where it is shown if shut. */
function symbolsOf(
  units: ReadonlyMap<string, Unit>,
  symbols: Symbols,
): { inside: Unit[]; ends: ReadonlyMap<string, string> } {
  const byUri = new Map(
    [...units.values()].filter((each) => each.uri).map((one) => [one.uri, one]),
  );
  const ends = new Map<string, string>();
  const inside: Unit[] = [];
  for (const graph of symbols.values()) {
    for (const node of graph.nodes ?? []) {
      const file = byUri.get(node.uri);
      if (!file || ends.has(node.id)) continue;
      ends.set(node.id, file.id);
      const label = node.kind === "module" ? file.label : node.label;
      inside.push({ ...node, label, within: [...file.within, file.id], count: 1 });
    }
  }
  return { inside, ends };
}

function links(
  files: Graph,
  symbols: Symbols,
  units: ReadonlyMap<string, Unit>,
  ends: ReadonlyMap<string, string>,
): Link[] {
  const { told, found } = between(symbols, ends);
  const cuts = new Set(files.cycles?.map(({ cut }) => `${cut.source}\n${cut.target}`));
  for (const edge of files.edges ?? []) {
    const key = `${edge.source}\n${edge.target}`;
    if (edge.source === edge.target || told.has(key)) continue;
    if (units.has(edge.source) && units.has(edge.target)) found.set(key, link(edge, cuts.has(key)));
  }
  return [...found.values()];
}

/** Links between symbols, and which files' links they tell in detail. */
function between(
  symbols: Symbols,
  ends: ReadonlyMap<string, string>,
): { told: Set<string>; found: Map<string, Link> } {
  const told = new Set<string>();
  const found = new Map<string, Link>();
  for (const [file, graph] of symbols) {
    for (const edge of graph.edges ?? []) {
      const [from, to] = [ends.get(edge.source), ends.get(edge.target)];
      if (from === undefined || to === undefined) continue;
      if (file && from !== file && to !== file) continue; // it knows those in part only
      told.add(`${from}\n${to}`);
      found.set(`${edge.source}\n${edge.target}`, link(edge, false));
    }
  }
  return { told, found };
}

function link({ source, target, count, confidence, deferred }: EdgeForm, cut: boolean): Link {
  return { source, target, count, faint: deferred || confidence < SURE, cut };
}

function left(files: Graph, symbols: Symbols): number {
  return [files, ...symbols.values()].reduce((sum, graph) => sum + (graph.leftOut ?? 0), 0);
}
