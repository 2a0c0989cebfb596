/** Which boxes a level opens, what a search finds, and what of what is shown stands out. */

import type { Classes } from "./classes.ts";
import type { Level } from "./controls.tsx";
import { openedAtFirst, type Shown } from "./shown.ts";
import { boxes, named, type Tree } from "./tree.ts";

/** The boxes to open for a level to be seen. */
export function levelled(tree: Tree, level: Level): string[] {
  if (level === "folder") return [...openedAtFirst(tree)];
  const folders = boxes(tree).filter((id) => tree.units.get(id)?.kind === "folder");
  if (level === "file") return folders;
  const files = [...tree.units.values()].filter((unit) => unit.kind === "file");
  return [...folders, ...files.map((unit) => unit.id)];
}

/** What a search finds, also what is not open: nearest to the surface first. */
export function found(tree: Tree, words: string): string[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  return [...tree.units.values()]
    .filter((unit) => named(tree, unit.id).toLowerCase().includes(wanted))
    .sort((one, other) => one.within.length - other.within.length)
    .map((unit) => unit.id);
}

/** The hit before or after the one that is chosen, round about; nothing where there are none. */
export function stepped(
  hits: readonly string[],
  chosen: string | undefined,
  backwards: boolean,
): string | undefined {
  const at = chosen === undefined ? -1 : hits.indexOf(chosen);
  const to = (at + (backwards ? hits.length - 1 : 1)) % hits.length;
  return hits[Math.max(0, to)];
}

/** Of what is shown what was found, where something is looked for, else one class; or nothing does. */
export function marked(
  shown: Shown,
  by: Classes,
  hits: readonly string[] | undefined,
  only: string | undefined,
): ReadonlySet<string> | undefined {
  if (!hits && only === undefined) return undefined;
  const fits = new Set(hits);
  const stands = shown.nodes.filter((node) =>
    hits ? fits.has(node.id) : by.of(node).name === only,
  );
  return new Set(stands.map(({ id }) => id));
}
