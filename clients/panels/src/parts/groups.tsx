/** Items below heads that fold them away, as lines of a list. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { texts } from "../texts.ts";
import type { Branch } from "./list.tsx";

/** A group's head, or one of its items; `at` is its place among `of` of its kind, from 1. */
export interface Line<T> {
  group: string;
  count: number;
  at: number;
  of: number;
  item?: T;
}

/** Groups in the order in which their first item comes, each with its items unless folded. */
export function lines<T>(
  items: readonly T[],
  named: (item: T) => string,
  folded: ReadonlySet<string>,
): Line<T>[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = named(item);
    const there = groups.get(group);
    if (there) there.push(item);
    else groups.set(group, [item]);
  }
  return [...groups].flatMap(([group, found], index): Line<T>[] => {
    const count = found.length;
    const head = { group, count, at: index + 1, of: groups.size };
    if (folded.has(group)) return [head];
    return [head, ...found.map((item, at) => ({ group, count, at: at + 1, of: count, item }))];
  });
}

export interface Folds {
  folded: ReadonlySet<string>;
  fold(group: string): void;
  set(folded: ReadonlySet<string>): void;
  branch(line: Line<unknown>): Branch;
  /** The left arrow folds a head, the right one unfolds it. */
  onKey(event: KeyboardEvent, line: Line<unknown>): void;
}

export function useFolds(): Folds {
  const [folded, set] = useState<ReadonlySet<string>>(new Set());
  const fold = (group: string) => {
    const next = new Set(folded);
    if (!next.delete(group)) next.add(group);
    set(next);
  };
  return {
    folded,
    fold,
    set,
    branch: ({ item, group, at, of }) =>
      item === undefined
        ? { level: 1, at, of, expanded: !folded.has(group) }
        : { level: 2, at, of },
    onKey(event, { item, group }) {
      const folds = event.key === "ArrowLeft";
      if (item !== undefined || (!folds && event.key !== "ArrowRight")) return;
      if (folded.has(group) !== folds) fold(group);
      event.preventDefault();
    },
  };
}

interface HeadProps {
  line: Line<unknown>;
  folded: boolean;
  name: string;
  dim?: string;
}

export function Head({ line, folded, name, dim = "" }: HeadProps): JSX.Element {
  return (
    <span class="line head">
      <span class="twist" aria-hidden="true">
        {folded ? "▸" : "▾"}
      </span>
      <span class="name">{name}</span> <span class="dim fills">{dim}</span>{" "}
      <span class="badge">{texts.number(line.count)}</span>
    </span>
  );
}
