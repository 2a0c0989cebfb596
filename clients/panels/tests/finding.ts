/** Findings of any number, with what would do harm in a page that did not take care. */

import type { DebtItem, Range } from "@codearch/protocol";

export const range = (line: number): Range => ({
  start: { line, character: 0 },
  end: { line: line + 2, character: 0 },
});
export const HOSTILE = '"><img src=x onerror="window.harmed = true">';

export function finding(number: number, more: Partial<DebtItem> = {}): DebtItem {
  return {
    id: `${number}`,
    uri: `file:///w/folder${number % 40}/file${number % 400}.py`,
    range: range(number),
    rule: `rule-${number % 12}`,
    category: number % 3 ? "complexity" : "documentation",
    severity: 1 + (number % 5),
    message: `finding ${number} ${HOSTILE}`,
    evidence: HOSTILE,
    symbol: `f${number}`,
    effortHours: (number % 9) / 2,
    impact: number % 10,
    priority: number % 100,
    confidence: 1,
    status: "open",
    note: "",
    date: "",
    fix: null,
    related: [],
    ...more,
  };
}
