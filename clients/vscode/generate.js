// Writes the server's settings from `codearch schema` into package.json; --check only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { schema } from "../protocol/schema.js";

const target = fileURLToPath(new URL("package.json", import.meta.url));
const SCOPES = { user: "machine", workspace: "window" };
const PROGRAMS = ["codearch.server.path", "codearch.install.tool", "codearch.install.wheels"];

/** A form without references, since an editor resolves none. */
function whole(form, forms) {
  if (Array.isArray(form)) return form.map((each) => whole(each, forms));
  if (form === null || typeof form !== "object") return form;
  if (form.$ref) return whole(forms[form.$ref.split("/").at(-1)], forms);
  const kept = Object.entries(form).filter(
    ([key]) => !["title", "required", "scope"].includes(key),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, whole(value, forms)]));
}

const words = (key) => key.replace(/[A-Z]/g, (sign) => ` ${sign.toLowerCase()}`);
const titled = (key) => words(key).replace(/^./, (sign) => sign.toUpperCase());

/** One group of settings for each of the server's tables. */
function groups({ properties, $defs }) {
  return Object.entries(properties).map(([table, form]) => {
    const of = form.$ref ? $defs[form.$ref.split("/").at(-1)] : undefined;
    const settings = of
      ? Object.entries(of.properties).map(([key, one]) => [
          `codearch.${table}.${key}`,
          { scope: SCOPES[one.scope], ...whole(one, $defs) },
        ])
      : [[`codearch.${table}`, tableOf(table, form, $defs)]];
    return { title: titled(table), properties: Object.fromEntries(settings) };
  });
}

function tableOf(table, form, forms) {
  const each = forms[form.additionalProperties.$ref.split("/").at(-1)].description;
  return { scope: "window", description: each, default: {}, ...whole(form, forms) };
}

const manifest = JSON.parse(readFileSync(target, "utf8"));
const own = manifest.contributes.configuration[0];
const generated = groups(schema().settings);
manifest.contributes.configuration = [own, ...generated];
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = [
  ...PROGRAMS,
  ...generated.flatMap(({ properties }) =>
    Object.keys(properties).filter((key) => properties[key].scope === "machine"),
  ),
];
const text = `${JSON.stringify(manifest, null, 2)}\n`;
if (process.argv.includes("--check")) {
  // The formatter has a say in how lists are broken: what counts is what they hold.
  if (
    JSON.stringify(JSON.parse(readFileSync(target, "utf8"))) !== JSON.stringify(JSON.parse(text))
  ) {
    console.error("vscode/package.json is not what `codearch schema` says: npm run generate");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
