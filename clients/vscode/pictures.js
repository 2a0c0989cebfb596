// The guide's pictures travel in the package, which has no address to fetch them from.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const PICTURE = /(!\[[^\]]*\]\()([^)\s]*\/docs\/guide\/pictures\/[\w-]+\.png)\)/g;
const RELATIVE_LINK = /\]\((?!https:|data:|#)([^)]*)\)/;

/** Return a Markdown file with its pictures in it, as an extension's page shows them. */
export function inlined(file) {
  const text = readFileSync(file, "utf8").replace(PICTURE, (_, before, link) => {
    const png = readFileSync(path.resolve(path.dirname(file), link));
    return `${before}data:image/png;base64,${png.toString("base64")})`;
  });
  const [, lost] = RELATIVE_LINK.exec(text) ?? [];
  if (lost) throw new Error(`${file}: ${lost} leads nowhere in the package.`);
  return text;
}

/** Copy a folder of Markdown files, and beside them the pictures that they show. */
export function broughtAlong(from, to) {
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
  for (const name of readdirSync(from)) {
    const text = readFileSync(path.join(from, name), "utf8").replace(PICTURE, (_, before, link) => {
      copyFileSync(path.resolve(from, link), path.join(to, path.basename(link)));
      return `${before}${path.basename(link)})`;
    });
    writeFileSync(path.join(to, name), text);
  }
}
