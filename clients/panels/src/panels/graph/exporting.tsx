/** A drawing as a file: an SVG of what is seen, or a Mermaid flowchart of it. */

import { type JSX, render } from "preact";
import { texts } from "../../texts.ts";
import type { Class } from "./classes.ts";
import { SHAPES } from "./classes.ts";
import type { Shown } from "./shown.ts";

export interface Spot {
  id: string;
  label: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** None for a box around others. */
  class?: Class;
}

export interface Picture {
  spots: readonly Spot[];
  links: readonly { source: string; target: string; width: number; faint: boolean; cut: boolean }[];
  /** The value of a theme's variable. */
  colour(name: string): string;
  legend: readonly Class[];
}

const MARGIN = 40;
const LEGEND_PIXELS = 22;

/** An SVG document; names are text in it, whatever they hold. */
export function svg(picture: Picture): string {
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  render(<Drawing {...picture} />, holder);
  const root = holder.firstElementChild as Element;
  const text = new XMLSerializer().serializeToString(root);
  render(null, holder);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function Drawing({ spots, links, colour, legend }: Picture): JSX.Element {
  const left = Math.min(...spots.map((spot) => spot.x - spot.width / 2)) - MARGIN * 2;
  const right = Math.max(...spots.map((spot) => spot.x + spot.width / 2)) + MARGIN * 2;
  const top = Math.min(...spots.map((spot) => spot.y - spot.height / 2)) - MARGIN;
  const bottom = Math.max(...spots.map((spot) => spot.y + spot.height / 2)) + MARGIN;
  const under = bottom + LEGEND_PIXELS * (legend.length + 1);
  const places = new Map(spots.map((spot) => [spot.id, spot]));
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`${left} ${top} ${right - left} ${under - top}`}
      width={right - left}
      height={under - top}
      font-family="sans-serif"
      font-size="12"
      fill={colour("--fore")}
    >
      <rect x={left} y={top} width={right - left} height={under - top} fill={colour("--back")} />
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX="8"
        refY="4"
        markerUnits="userSpaceOnUse"
        markerWidth="9"
        markerHeight="9"
        orient="auto"
      >
        <path d="M0 0L8 4L0 8z" fill={colour("--dim")} />
      </marker>
      {spots
        .filter((spot) => !spot.class)
        .map((box) => (
          <g key={box.id}>
            <rect
              x={box.x - box.width / 2}
              y={box.y - box.height / 2}
              width={box.width}
              height={box.height}
              rx="6"
              fill={colour("--raised")}
              stroke={colour("--edge")}
            />
            <text x={box.x - box.width / 2 + 6} y={box.y - box.height / 2 - 4}>
              {box.label}
            </text>
          </g>
        ))}
      {links.map((link) => {
        const ends = line(places.get(link.source), places.get(link.target));
        return (
          ends && (
            <line
              key={`${link.source}\n${link.target}`}
              {...ends}
              stroke={colour(link.cut ? "--bad" : "--edge")}
              stroke-width={link.width}
              stroke-dasharray={link.faint || link.cut ? "5 4" : undefined}
              marker-end="url(#arrow)"
            />
          )
        );
      })}
      {spots.map(
        (spot) => spot.class && <Mark key={spot.id} {...spot} of={spot.class} colour={colour} />,
      )}
      {legend.map((each, row) => (
        <Mark
          key={each.name}
          label={each.name}
          x={left + MARGIN}
          y={bottom + LEGEND_PIXELS * (row + 0.5)}
          width={14}
          height={14}
          of={each}
          colour={colour}
          beside
        />
      ))}
    </svg>
  );
}

interface MarkProps extends Omit<Spot, "id" | "class"> {
  of: Class;
  colour(name: string): string;
  beside?: boolean;
}

function Mark({ of, colour, beside, label, ...at }: MarkProps): JSX.Element {
  const corners = SHAPES[of.shape];
  const paint = {
    fill: colour(of.colour),
    stroke: colour("--fore"),
    "stroke-width": of.border,
  };
  const points = corners.map((each, index) =>
    index % 2 ? at.y + (each * at.height) / 2 : at.x + (each * at.width) / 2,
  );
  const name = label.split("\n");
  return (
    <g>
      {corners.length === 0 ? (
        <circle cx={at.x} cy={at.y} r={at.width / 2} {...paint} />
      ) : (
        <polygon points={points.join(" ")} {...paint} />
      )}
      {name.map((row, number) => (
        <text
          key={number}
          x={beside ? at.x + 16 : at.x}
          y={beside ? at.y + 4 : at.y + at.height / 2 + 14 + 14 * number}
          text-anchor={beside ? "start" : "middle"}
        >
          {row}
        </text>
      ))}
    </g>
  );
}

/** A line between two places' borders, as the crow flies. */
function line(from: Spot | undefined, to: Spot | undefined) {
  if (!from || !to) return undefined;
  const [across, down] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(across, down) || 1;
  const [start, end] = [from.width / 2 / length, to.width / 2 / length];
  return {
    x1: from.x + across * start,
    y1: from.y + down * start,
    x2: to.x - across * end,
    y2: to.y - down * end,
  };
}

const MERMAID_EDGES = 500; // what Mermaid draws without `maxEdges` in its settings

/** A Mermaid flowchart, open boxes as its subgraphs; all that could be markup is escaped. */
export function mermaid({ nodes, boxes, links, leftOut }: Shown): string {
  const names = new Map([...boxes, ...nodes].map((unit, number) => [unit.id, `n${number}`]));
  const lines = ["flowchart LR"];
  const write = (around: string | undefined, indent: string) => {
    for (const box of boxes) {
      if (box.within.filter((id) => names.has(id)).at(-1) !== around) continue;
      lines.push(`${indent}subgraph ${names.get(box.id)}["${escaped(box.label)}"]`);
      write(box.id, `${indent}  `);
      lines.push(`${indent}end`);
    }
    for (const node of nodes) {
      if (node.within.filter((id) => names.has(id)).at(-1) !== around) continue;
      const [left, right] = node.kind === "folder" ? ["[/", "/]"] : ["[", "]"];
      lines.push(`${indent}${names.get(node.id)}${left}"${escaped(node.label)}"${right}`);
    }
  };
  write(undefined, "  ");
  for (const { source, target, count, faint } of links.slice(0, MERMAID_EDGES)) {
    const label = count > 1 ? `|${count}|` : "";
    lines.push(`  ${names.get(source)} ${faint ? "-.->" : "-->"}${label} ${names.get(target)}`);
  }
  const edges = Math.max(0, links.length - MERMAID_EDGES);
  if (leftOut || edges) lines.push(`  %% ${texts.graph.leftOutOfFile(leftOut, edges)}`);
  return `${lines.join("\n")}\n`;
}

/** Mermaid's entity codes for all that could end a label or begin markup. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N}_ ./:-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}
