/** Where things are, as people read it. */

import type { Range } from "@codearch/protocol";

/** The path of a file's URI; whatever is no such URI stays as it is. */
export function path(uri: string): string {
  if (!uri.startsWith("file://")) return uri;
  const raw = uri.slice("file://".length);
  try {
    return decodeURIComponent(raw).replace(/^\/([a-z]:)/i, "$1");
  } catch {
    return raw;
  }
}

/** A path below the deepest of the roots that hold it. */
export function relative(uri: string, roots: readonly string[]): string {
  const whole = path(uri);
  const root = roots
    .filter((each) => whole.startsWith(`${each}/`))
    .sort((one, other) => other.length - one.length)[0];
  return root === undefined ? whole : whole.slice(root.length + 1);
}

/** A path and a line, which most editors and terminals can open. */
export function place(uri: string, range: Range): string {
  return `${path(uri)}:${range.start.line + 1}`;
}

/** Folder and file of a relative path. */
export function parted(whole: string): { folder: string; file: string } {
  const at = whole.lastIndexOf("/") + 1;
  return { folder: whole.slice(0, at), file: whole.slice(at) };
}
