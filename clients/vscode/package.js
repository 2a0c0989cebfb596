// Builds dist/codearchaeologist.vsix out of dist/package; with --install puts it into the editors that are there.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const LIMIT_BYTES = 2 * 1024 * 1024;
const EDITORS = ["code", "codium", "cursor"];
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const vsix = here("dist/codearchaeologist.vsix");
const staged = here("dist/package");
const PICTURES = /^!\[[^\]]*\]\([^)\s]*\)\n\n/gm;
const RELATIVE_LINK = /\]\((?!https:|#)([^)]*)\)/;
const FILES = [
  "dist/extension.cjs",
  "dist/panels",
  "media/activity.svg",
  "media/icon.png",
  "media/walkthrough",
  "package.json",
  "package.nls.json",
  "CHANGELOG.md",
];

function run(cwd, command, ...given) {
  const { status, error } = spawnSync(command, given, { cwd, stdio: "inherit" });
  if (error || status !== 0) {
    console.error(`${command} failed`);
    process.exit(1);
  }
}

/** The packages whose code is in the extension's bundle, and the folders that they lie in. */
async function bundled() {
  const { metafile } = await build({
    entryPoints: [here("src/extension.ts")],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    external: ["vscode"],
    logLevel: "error",
    absWorkingDir: here("."),
  });
  const found = new Map();
  for (const input of Object.keys(metafile.inputs)) {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (name) {
      const end = input.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}`.length;
      found.set(name, path.resolve(here("."), input.slice(0, end)));
    }
  }
  return [...found].sort();
}

/** The README without its pictures: an extension's page shows those of the web alone. */
function worded(file) {
  const text = readFileSync(file, "utf8").replace(PICTURES, "");
  const [, lost] = RELATIVE_LINK.exec(text) ?? [];
  if (lost) throw new Error(`${file}: ${lost} leads nowhere in the package.`);
  return text;
}

async function notices() {
  const parts = ["Third-party notices\n\nThis extension contains code of these packages."];
  for (const [name, folder] of await bundled()) {
    const { version, license } = JSON.parse(
      readFileSync(path.join(folder, "package.json"), "utf8"),
    );
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file ? readFileSync(path.join(folder, file), "utf8").trim() : "";
    parts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  // The panels' build wrote what is in them.
  const panels = here("../panels/dist/third-party-notices.md");
  if (existsSync(panels)) parts.push(readFileSync(panels, "utf8").trim());
  return `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

run(here("."), process.execPath, here("build.js"));
rmSync(staged, { recursive: true, force: true });
for (const name of FILES) cpSync(here(name), path.join(staged, name), { recursive: true });
copyFileSync(here("../../LICENSE"), path.join(staged, "LICENSE"));
writeFileSync(path.join(staged, "THIRD-PARTY-NOTICES.txt"), await notices());
writeFileSync(path.join(staged, "README.md"), worded(here("README.md")));
run(
  staged,
  process.execPath,
  createRequire(import.meta.url).resolve("@vscode/vsce/vsce"),
  "package",
  "--no-dependencies",
  "--skip-license",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--out",
  vsix,
);
const { size } = statSync(vsix);
console.log(`${vsix}: ${(size / 1024).toFixed(0)} KB`);
if (size > LIMIT_BYTES) {
  console.error("The package is larger than 2 MB.");
  process.exit(1);
}
if (process.argv.includes("--install")) {
  const there = EDITORS.filter((name) => spawnSync(name, ["--version"]).status === 0);
  if (!there.length) {
    console.error(
      `None of ${EDITORS.join(", ")} is on PATH: install ${vsix} from the editor's menu.`,
    );
    process.exit(3);
  }
  for (const editor of there) run(here("."), editor, "--install-extension", vsix, "--force");
}
