/** What a server's version means to this extension. */
export type Fit = "fits" | "tooOld" | "tooNew" | "unknown";

function numbers(version: string): [number, number, number] | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version.trim());
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}

/**
 * Compare a server with the oldest version that this extension works with.
 *
 * The first number that is not 0 names what may break: 0.2 does not promise what 0.1 did, and 2.0
 * not what 1.9 did.
 */
export function fit(server: string | undefined, oldest: string): Fit {
  const has = numbers(server ?? "");
  const wants = numbers(oldest);
  if (!has || !wants) return "unknown";
  const [major, minor, patch] = [has[0] - wants[0], has[1] - wants[1], has[2] - wants[2]];
  if (major !== 0) return major < 0 ? "tooOld" : "tooNew";
  if (minor < 0 || (minor === 0 && patch < 0)) return "tooOld";
  return wants[0] === 0 && minor > 0 ? "tooNew" : "fits";
}

/** Versions that may be installed, as pip and uv write it. */
export function requirement(oldest: string): string {
  const [major, minor] = numbers(oldest) ?? [0, 0];
  return `codearchaeologist>=${oldest},<${major === 0 ? `0.${minor + 1}` : major + 1}`;
}
