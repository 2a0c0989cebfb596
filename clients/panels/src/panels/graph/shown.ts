/** What of a tree is in sight: leaves of open boxes, and links between what stands for their ends. */

import { boxes, type Link, type Tree, type Unit } from "./tree.ts";

export interface Shown {
  /** What is drawn as a node. */
  nodes: readonly Unit[];
  /** Open folders and files that are drawn around others, outer before inner. */
  boxes: readonly Unit[];
  links: readonly Link[];
  leftOut: number;
}

/** More than these cannot be drawn while one pans. */
export const MOST_NODES = 2000;
const FEW = 5;
const MANY = 16;

/** Fold a tree to what is open; with `around`, to what is at most `steps` away from that node. */
export function shown(
  tree: Tree,
  open: ReadonlySet<string>,
  around?: { id: string; steps: number },
): Shown {
  const standing = new Map<string, string>();
  for (const unit of tree.units.values()) standing.set(unit.id, standIn(unit, open));
  const links = folded(tree.links, standing);
  const hold = new Set(boxes(tree));
  const drawn = new Set(
    [...standing].flatMap(([id, by]) => (id === by && !(open.has(id) && hold.has(id)) ? [id] : [])),
  );
  const near = around && drawn.has(around.id) ? reached(links, around.id, around.steps) : drawn;
  const kept = bestConnected(near, links);
  const nodes = [...kept].map((id) => tree.units.get(id) as Unit);
  const held = new Set(nodes.flatMap((unit) => unit.within));
  return {
    nodes,
    boxes: boxes(tree)
      .filter((id) => held.has(id) && open.has(id))
      .map((id) => tree.units.get(id) as Unit),
    links: links.filter((link) => kept.has(link.source) && kept.has(link.target)),
    leftOut: tree.leftOut + near.size - kept.size,
  };
}

/** What to open at first: a few nodes, so that a whole may be seen. */
export function openedAtFirst(tree: Tree): Set<string> {
  const open = new Set<string>();
  for (;;) {
    const { nodes } = shown(tree, open);
    if (nodes.length >= FEW) return open;
    const next = nodes
      .filter((node) => node.kind === "folder")
      .sort((one, other) => other.count - one.count)
      .find((node) => shown(tree, new Set([...open, node.id])).nodes.length <= MANY);
    if (!next) return open;
    open.add(next.id);
  }
}

/** Which end of a link another one is, seen from a node, and how strong the link is. */
export function neighbours(
  { links }: Pick<Shown, "links">,
  id: string,
): { into: Link[]; from: Link[] } {
  const strongest = (one: Link, other: Link) => other.count - one.count;
  return {
    into: links.filter((link) => link.target === id).sort(strongest),
    from: links.filter((link) => link.source === id).sort(strongest),
  };
}

/** The outermost shut box around a unit, or the unit itself. */
function standIn(unit: Unit, open: ReadonlySet<string>): string {
  return unit.within.find((box) => !open.has(box)) ?? unit.id;
}

function folded(links: readonly Link[], standing: ReadonlyMap<string, string>): Link[] {
  const found = new Map<string, Link>();
  for (const link of links) {
    const source = standing.get(link.source);
    const target = standing.get(link.target);
    if (source === undefined || target === undefined || source === target) continue;
    const key = `${source}\n${target}`;
    const before = found.get(key);
    found.set(key, {
      source,
      target,
      count: (before?.count ?? 0) + link.count,
      faint: (before?.faint ?? true) && link.faint,
      cut: (before?.cut ?? false) || link.cut,
    });
  }
  return [...found.values()];
}

function reached(links: readonly Link[], from: string, steps: number): Set<string> {
  const found = new Set([from]);
  for (let step = 0; step < steps; step++) {
    const edge = [...found];
    const there = new Set(edge);
    for (const { source, target } of links) {
      if (there.has(source)) found.add(target);
      if (there.has(target)) found.add(source);
    }
  }
  return found;
}

function bestConnected(ids: ReadonlySet<string>, links: readonly Link[]): ReadonlySet<string> {
  if (ids.size <= MOST_NODES) return ids;
  const count = new Map<string, number>();
  for (const { source, target } of links) {
    count.set(source, (count.get(source) ?? 0) + 1);
    count.set(target, (count.get(target) ?? 0) + 1);
  }
  const ranked = [...ids].sort((one, other) => (count.get(other) ?? 0) - (count.get(one) ?? 0));
  return new Set(ranked.slice(0, MOST_NODES));
}
