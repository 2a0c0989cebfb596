// What runs on this machine, as `ps` tells it.
import { spawnSync } from "node:child_process";

/** All that has not ended; what only waits to be fetched by its parent has. */
export function running() {
  const given = ["-eo", "pid=,pgid=,stat=,args="];
  const { stdout } = spawnSync("ps", given, { encoding: "utf8", maxBuffer: 2 ** 26 });
  return [...stdout.matchAll(/^ *(\d+) +(\d+) ([^Z]\S*) +(.*)$/gm)].map(
    ([, pid, group, , args]) => ({ pid: Number(pid), group: Number(group), args }),
  );
}

/** The processes of this editor whose command line matches. */
export const processes = (editor, pattern) =>
  running()
    .filter(({ group, args }) => group === editor.pid && pattern.test(args))
    .map(({ pid }) => pid);
