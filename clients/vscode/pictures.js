// The guide's pictures travel with the walkthrough: the package has no address to fetch them from.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const PICTURE = /(!\[[^\]]*\]\()([^)\s]*\/docs\/guide\/pictures\/[\w-]+\.png)\)/g;
const PICTURE_LINE = new RegExp(`^${PICTURE.source}\\n\\n`, "gm");
const RELATIVE_LINK = /\]\((?!https:|#)([^)]*)\)/;

/** Return a Markdown file without its pictures: an extension's page shows those of the web alone. */
export function worded(file) {
  const text = readFileSync(file, "utf8").replace(PICTURE_LINE, "");
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
