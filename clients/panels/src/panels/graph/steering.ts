/** Keys and buttons of the drawing: to the nearest node, into a box and out of it, closer and farther. */

import type { Core, NodeSingular } from "cytoscape";
import { fit } from "./fitting.ts";
import type { Shown } from "./shown.ts";

const STEP = 1.3;

/** What the drawing shows, and what keys do with it. */
export interface Steered {
  shown: Shown;
  chosen: string | undefined;
  onChoose(id: string | undefined): void;
  onOpen(id: string): void;
  onShut(id: string): void;
}

export const closer = (cy: Core | undefined): void => zoom(cy, STEP);
export const farther = (cy: Core | undefined): void => zoom(cy, 1 / STEP);
export const whole = (cy: Core | undefined): void => void (cy && fit(cy));

function zoom(cy: Core | undefined, by: number): void {
  cy?.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

/** Shut a box, open anything else. */
export function act(id: string, { shown, onOpen, onShut }: Steered): void {
  if (shown.boxes.some((box) => box.id === id)) onShut(id);
  else onOpen(id);
}

const TURNED: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const ACTS: Record<string, (cy: Core, steered: Steered) => void> = {
  Enter: (_, steered) => steered.chosen !== undefined && act(steered.chosen, steered),
  Backspace: (_, steered) => shutAround(steered),
  Escape: (_, { onChoose }) => onChoose(undefined),
  "+": closer,
  "=": closer,
  "-": farther,
  "0": whole,
};

export function steer(cy: Core, event: KeyboardEvent, steered: Steered): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const turned = TURNED[event.key];
  const acts = ACTS[event.key];
  if (turned) steered.onChoose(next(cy, steered.chosen, turned) ?? steered.chosen);
  else if (acts) acts(cy, steered);
  else return;
  event.preventDefault();
}

function shutAround({ shown, chosen, onShut }: Steered): void {
  const around = shown.nodes.find((unit) => unit.id === chosen)?.within.at(-1);
  if (around !== undefined) onShut(around);
}

/** The nearest node in a direction; the first one where none is chosen. */
function next(cy: Core, from: string | undefined, [across, down]: readonly [number, number]) {
  const nodes = cy.nodes(":childless");
  const start = from === undefined ? undefined : cy.getElementById(from);
  if (!start?.length) return nodes.first().id();
  const here = (start as NodeSingular).position();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  nodes.forEach((node) => {
    const { x, y } = node.position();
    const along = (x - here.x) * across + (y - here.y) * down;
    const aside = Math.abs((x - here.x) * down) + Math.abs((y - here.y) * across);
    if (along > 1 && along + 2 * aside < least) {
      least = along + 2 * aside;
      best = node.id();
    }
  });
  return best;
}
