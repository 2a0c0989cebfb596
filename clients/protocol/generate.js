// Writes src/commands.ts from `codearch schema`; with --check only says whether it is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import { schema } from "./schema.js";

const target = fileURLToPath(new URL("src/commands.ts", import.meta.url));

/** One type for each form, then a map from each command to its argument and result. */
async function written({ commands, $defs }) {
  const forms = await compile(
    {
      title: "Forms",
      type: "object",
      additionalProperties: false,
      properties: {},
      $defs: Object.fromEntries(
        Object.entries($defs).map(([name, form]) => [
          name,
          { additionalProperties: false, ...form, title: name },
        ]),
      ),
    },
    "Forms",
    { bannerComment: "", unreachableDefinitions: true, style: { printWidth: 100 } },
  );
  const of = (form) => form.$ref.split("/").at(-1);
  const lines = Object.entries(commands).map(
    ([name, one]) => `  "${name}": { argument: ${of(one.argument)}; result: ${of(one.result)} };`,
  );
  return [
    "// Generated from `codearch schema` by `npm run generate`; not to be edited.\n",
    forms
      .replace("export interface Forms {}\n", "")
      .replace(/ \*\n \* This interface was referenced by `Forms`[^*]*\* via [^*]*/g, " ")
      .trim(),
    "",
    "/** What each command of the server takes and gives. */",
    "export interface Commands {",
    ...lines,
    "}",
    "",
  ].join("\n");
}

const text = await written(schema());
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("protocol/src/commands.ts is not what `codearch schema` says: npm run generate");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
