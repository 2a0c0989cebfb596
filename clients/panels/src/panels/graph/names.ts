/** Names that can be read while the whole drawing is small. */

import type { Core, NodeSingular } from "cytoscape";
import { fontSize } from "./sheet.ts";

/** In pixels of the screen: what is smaller is no name to anybody. */
const LEGIBLE = 10;
const SHOWN = 12;
const LINE = 15;
const LETTER = 6.6;
const MOST = 60;
const BYPASSED = "label font-size min-zoomed-font-size";

interface Room {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Show the names of boxes, and of the largest nodes that have room for theirs. */
export function nameLargest(cy: Core): void {
  const zoom = cy.zoom();
  cy.batch(() => {
    cy.nodes().removeStyle(BYPASSED);
    const largest = cy.nodes(":childless").sort((one, other) => size(other) - size(one));
    if (fontSize(largest.length) * zoom >= LEGIBLE) return;
    const taken: Room[] = [];
    for (const node of [...cy.nodes(":parent"), ...largest] as NodeSingular[]) {
      if (taken.length === MOST) break;
      const room = roomOf(node);
      if (taken.some((other) => meet(room, other))) continue;
      taken.push(room);
      node.style({ label: name(node), "font-size": SHOWN / zoom, "min-zoomed-font-size": 0 });
    }
  });
}

function size(node: NodeSingular): number {
  return Number(node.data("size")) || 0;
}

/** A node's first line: below it stands what its colour says already. */
function name(node: NodeSingular): string {
  return (node.data("label") as string).split("\n", 1)[0] ?? "";
}

/** Where a name would be on the screen: above a box, below anything else. */
function roomOf(node: NodeSingular): Room {
  const { x1, x2, y1, y2 } = node.renderedBoundingBox({ includeLabels: false });
  const half = (name(node).length * LETTER) / 2;
  const middle = (x1 + x2) / 2;
  const top = node.isParent() ? y1 - LINE : y2;
  return { left: middle - half, top, right: middle + half, bottom: top + LINE };
}

function meet(one: Room, other: Room): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}
