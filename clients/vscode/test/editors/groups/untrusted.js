// A workspace that nobody has said to trust, whose own settings name a program of its own.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { picture, ready } from "../person.js";
import { workspace } from "../workspace.js";

function hostile(folder) {
  const program = path.join(workspace(folder), "codearch");
  writeFileSync(program, `#!/bin/sh\ntouch "${folder}/ran"\n`);
  chmodSync(program, 0o755);
  mkdirSync(path.join(folder, ".vscode"));
  const settings = JSON.stringify({ "codearch.server.path": program });
  writeFileSync(path.join(folder, ".vscode", "settings.json"), settings);
  return folder;
}

const tests = {
  async "the workspace's own program is not run, the user's is"(desk) {
    await ready(desk.page);
    await picture(desk, "untrusted");
    if (existsSync(path.join(desk.folder, "ran"))) throw new Error("the program was run");
  },
};

export const untrusted = { workspace: hostile, options: () => ({ trusting: false }), tests };
