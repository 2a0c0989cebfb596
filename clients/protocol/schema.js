// What `codearch schema` prints; the server is run by $CODEARCH_PYTHON or the Python of the project's own environment.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export function schema() {
  const python = process.env.CODEARCH_PYTHON ?? `${root}.venv/bin/python`;
  const asked = spawnSync(python, ["-m", "codearch", "schema"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: `${root}server` },
    maxBuffer: 1 << 26,
  });
  if (asked.error) throw asked.error;
  if (asked.status !== 0) throw new Error(`\`codearch schema\` failed: ${asked.stderr}`);
  return JSON.parse(asked.stdout);
}
