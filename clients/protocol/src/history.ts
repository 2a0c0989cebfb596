const MOST = 30;

/** Recent queries with one more in front; each once. */
export function remembered(recent: readonly string[], query: string): string[] {
  const trimmed = query.trim();
  if (!trimmed) return [...recent];
  return [trimmed, ...recent.filter((each) => each !== trimmed)].slice(0, MOST);
}

/** Recent queries that go on from what was typed so far. */
export function suggested(recent: readonly string[], typed: string, most = 3): string[] {
  const start = typed.trim().toLowerCase();
  if (!start) return [...recent];
  return recent
    .filter((each) => each.toLowerCase().startsWith(start) && each.toLowerCase() !== start)
    .slice(0, most);
}
