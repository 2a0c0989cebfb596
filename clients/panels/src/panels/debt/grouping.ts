/** Findings in groups, and as cells of a matrix. */

import type { DebtItem } from "@codearch/protocol";
import { texts } from "../../texts.ts";

export type Grouping = "file" | "rule" | "priority";

/** The name of the group that a finding is below. */
export function groupOf(item: DebtItem, by: Grouping, named: (uri: string) => string): string {
  if (by === "file") return named(item.uri);
  if (by === "rule") return item.rule;
  const band = Math.min(3, Math.floor((100 - Math.min(item.priority, 100)) / 25.001));
  return texts.debt.priorities[band] ?? "";
}

const EFFORT_HOURS = [1, 4];
const IMPACTS = [6.67, 3.34];

/** The cell of the matrix that a finding lies in: `row column`, high impact and low effort first. */
export function cellOf(item: DebtItem): string {
  const row = IMPACTS.findIndex((least) => item.impact >= least);
  const column = EFFORT_HOURS.findIndex((most) => item.effortHours < most);
  return `${row < 0 ? IMPACTS.length : row} ${column < 0 ? EFFORT_HOURS.length : column}`;
}

/** Hours of each category, the largest first. */
export function hoursByCategory(items: readonly DebtItem[]): [DebtItem["category"], number][] {
  const hours = new Map<string, number>();
  for (const item of items) {
    hours.set(item.category, (hours.get(item.category) ?? 0) + item.effortHours);
  }
  return [...hours].sort(([, one], [, other]) => other - one);
}
