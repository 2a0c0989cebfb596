/** What a node's colour says, and its form and border with it: colour is never alone. */

import { texts } from "../../texts.ts";
import type { Tree, Unit } from "./tree.ts";

export type Colouring = "language" | "churn" | "debt";

export interface Class {
  name: string;
  /** A variable of the theme. */
  colour: string;
  shape: Shape;
  border: number;
}

export interface Classes {
  all: readonly Class[];
  of(unit: Unit): Class;
  /** What a node says in words of what its colour says. */
  said(unit: Unit): string;
}

/** Corners in a square from -1 to 1; none is a circle. Drawing, legend and export share them. */
export const SHAPES = {
  circle: [],
  square: [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85],
  diamond: [0, -1, 1, 0, 0, 1, -1, 0],
  triangle: [0, -1, 1, 0.85, -1, 0.85],
  hexagon: [-0.5, -0.9, 0.5, -0.9, 1, 0, 0.5, 0.9, -0.5, 0.9, -1, 0],
  pentagon: [0, -1, 0.95, -0.3, 0.6, 0.85, -0.6, 0.85, -0.95, -0.3],
  down: [-1, -0.85, 1, -0.85, 0, 1],
} as const;
export type Shape = keyof typeof SHAPES;

const LANGUAGE_SHAPES = Object.keys(SHAPES) as Shape[];
const LANGUAGES: Record<string, string> = {
  c: "C",
  cc: "C++",
  cpp: "C++",
  cs: "C#",
  cxx: "C++",
  go: "Go",
  h: "C",
  hpp: "C++",
  java: "Java",
  js: "JavaScript",
  jsx: "JavaScript",
  mjs: "JavaScript",
  cjs: "JavaScript",
  py: "Python",
  pyi: "Python",
  rs: "Rust",
  ts: "TypeScript",
  mts: "TypeScript",
  tsx: "TypeScript",
};
const CHURN = [1, 5, 20];
const HOURS = [0.01, 4, 16];

/** Classes for what is in the tree; the same language has the same colour however much is open. */
export function classes(by: Colouring, tree: Tree): Classes {
  if (by === "language") return languages(tree);
  return by === "churn"
    ? steps((unit) => unit.churn, CHURN, texts.graph.commits, texts.graph.churnSteps)
    : steps((unit) => unit.debt, HOURS, texts.hours, texts.graph.debtSteps);
}

function steps(
  value: (unit: Unit) => number,
  from: readonly number[],
  said: (value: number) => string,
  names: readonly string[],
): Classes {
  const all = names.map((name, step) => ({
    name,
    colour: `--step-${step}`,
    shape: "circle" as const,
    border: 1 + step,
  }));
  return {
    all,
    of: (unit) => all[from.filter((least) => value(unit) >= least).length] as Class,
    said: (unit) => said(value(unit)),
  };
}

function languages(tree: Tree): Classes {
  const lines = new Map<string, number>();
  const inside = new Map<string, Map<string, number>>();
  for (const unit of tree.units.values()) {
    if (unit.kind !== "file") continue;
    const name = language(unit);
    lines.set(name, (lines.get(name) ?? 0) + unit.lines);
    for (const folder of unit.within) {
      const there = inside.get(folder) ?? new Map<string, number>();
      inside.set(folder, there.set(name, (there.get(name) ?? 0) + unit.lines));
    }
  }
  const ranked = [...lines].sort(most).map(([name]) => name);
  const colours = LANGUAGE_SHAPES.length;
  const all = ranked.slice(0, ranked.length > colours ? colours - 1 : colours);
  if (all.length < ranked.length) all.push(texts.graph.others);
  const made = all.map((name, at) => ({
    name,
    colour: `--language-${at}`,
    shape: LANGUAGE_SHAPES[at] as Shape,
    border: 1,
  }));
  const main = (unit: Unit) =>
    unit.kind === "folder" ? [...(inside.get(unit.id) ?? [])].sort(most)[0]?.[0] : language(unit);
  return {
    all: made,
    of: (unit) => made[all.indexOf(main(unit) ?? "")] ?? (made.at(-1) as Class),
    said: (unit) => main(unit) ?? texts.graph.others,
  };
}

const most = ([a, one]: [string, number], [b, other]: [string, number]) =>
  other - one || a.localeCompare(b);

function language({ uri, label }: Unit): string {
  const extension = /\.([\w+-]+)$/.exec(uri || label)?.[1]?.toLowerCase();
  return extension === undefined ? texts.graph.others : (LANGUAGES[extension] ?? `.${extension}`);
}
