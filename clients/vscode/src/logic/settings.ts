/** What `inspect` of an editor's configuration says of one setting. */
export interface Inspected {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/**
 * What people set, as the server wants it: nested, without defaults.
 *
 * An editor's defaults would be stronger than what a team wrote into `codearch.toml`.
 */
export function explicit(
  keys: readonly string[],
  inspect: (key: string) => Inspected | undefined,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const key of keys) {
    const found = inspect(key);
    const value = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
    if (value === undefined) continue;
    const parts = key.split(".");
    let table = settings;
    for (const part of parts.slice(0, -1)) {
      table[part] ??= {};
      table = table[part] as Record<string, unknown>;
    }
    table[parts.at(-1) as string] = value;
  }
  return settings;
}

const OWN = /^codearch\.(server|install|trace|panels)\./;

/** The server's own settings among those that the extension declares, without their section. */
export function serverKeys(declared: readonly string[]): string[] {
  return declared.filter((key) => !OWN.test(key)).map((key) => key.replace(/^codearch\./, ""));
}
