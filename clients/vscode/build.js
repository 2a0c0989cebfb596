// Bundles the extension into dist/, with the panels beside it; with --tests the unit tests alone.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  rmSync(here("dist/unit"), { recursive: true, force: true });
  const tests = readdirSync(here("test/unit")).map((name) => here(`test/unit/${name}`));
  await build({
    ...common,
    entryPoints: tests,
    format: "esm",
    outdir: here("dist/unit"),
    outExtension: { ".js": ".mjs" },
  });
} else {
  await build({
    ...common,
    entryPoints: [here("src/extension.ts")],
    format: "cjs",
    outfile: here("dist/extension.cjs"),
    external: ["vscode"],
    minify: true,
    legalComments: "none",
    mainFields: ["module", "main"],
  });
  // The panels are a bundle of their own; without it the extension says so in each panel.
  const panels = here("../panels/dist/panels.js");
  mkdirSync(here("dist/panels"), { recursive: true });
  if (existsSync(panels)) {
    for (const name of ["panels.js", "panels.css"]) {
      cpSync(here(`../panels/dist/${name}`), here(`dist/panels/${name}`));
    }
  }
}
