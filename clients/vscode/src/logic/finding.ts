import path from "node:path";

/** Where a server was found. */
export type Source = "setting" | "project" | "path" | "private";

export interface Found {
  command: string;
  source: Source;
}

/** What is known of the places where a server may lie. */
export interface Places {
  /** The setting `codearch.server.path`, empty where it is not set. */
  setting: string;
  /** The prefix of the project's Python environment; undefined also in an untrusted workspace. */
  project: string | undefined;
  path: string;
  /** The prefix of the environment that this extension made. */
  private: string | undefined;
  home: string;
  windows: boolean;
  isProgram: (file: string) => Promise<boolean>;
}

/** The name of a program in an environment, given by its prefix. */
export function programIn(prefix: string, name: string, windows: boolean): string {
  return windows ? path.win32.join(prefix, "Scripts", `${name}.exe`) : `${prefix}/bin/${name}`;
}

function onPath(places: Places): string[] {
  const names = places.windows ? ["codearch.exe", "codearch.cmd", "codearch.bat"] : ["codearch"];
  return places.path
    .split(places.windows ? ";" : ":")
    .filter((folder) => (places.windows ? path.win32 : path.posix).isAbsolute(folder))
    .flatMap((folder) => names.map((name) => path.join(folder, name)));
}

/** Find the server; a setting that names none is an answer as well, so that it can be said. */
export async function find(places: Places): Promise<Found | undefined> {
  const setting = places.setting.trim();
  if (setting) {
    return { command: setting.replace(/^~(?=[/\\])/, () => places.home), source: "setting" };
  }
  const candidates: Found[] = [];
  const add = (source: Source, ...commands: string[]) =>
    candidates.push(...commands.map((command) => ({ command, source })));
  if (places.project) add("project", programIn(places.project, "codearch", places.windows));
  add("path", ...onPath(places));
  if (places.private) add("private", programIn(places.private, "codearch", places.windows));
  for (const each of candidates) {
    if (await places.isProgram(each.command)) return each;
  }
  return undefined;
}
