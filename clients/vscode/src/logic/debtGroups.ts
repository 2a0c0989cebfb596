import type { DebtItem, LeftOut } from "@codearch/protocol";
import { texts } from "../texts.ts";

export type Grouping = "file" | "rule" | "priority";

export interface Group {
  /** A URI, a rule, or the name of a band of priorities. */
  key: string;
  items: DebtItem[];
}

/** Bands of priority (0 to 100), the most urgent first. */
export const BANDS = [
  { name: "high", from: 66 },
  { name: "medium", from: 33 },
  { name: "low", from: 0 },
] as const;

function keyOf(item: DebtItem, grouping: Grouping): string {
  if (grouping === "file") return item.uri;
  if (grouping === "rule") return item.rule;
  return (BANDS.find((band) => item.priority >= band.from) ?? BANDS[2]).name;
}

/** Findings in groups; the group with the most urgent finding first, its items likewise. */
export function grouped(items: readonly DebtItem[], grouping: Grouping): Group[] {
  const groups = new Map<string, DebtItem[]>();
  for (const item of [...items].sort((a, b) => b.priority - a.priority)) {
    const key = keyOf(item, grouping);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups].map(([key, items]) => ({ key, items }));
}

/** What a list of new code alone says of what it left out; nothing where it left out nothing. */
export function left(out: LeftOut | null): { label: string; detail: string } | undefined {
  if (!out) return undefined;
  if (out.why) return { label: texts.debt.allNew(out.why), detail: "" };
  const detail = texts.debt.leftOutWhy(out.ceiling, out.lists);
  return out.oldCode || detail ? { label: texts.debt.leftOut(out.oldCode), detail } : undefined;
}
