/** The whole drawing in sight, also in a smaller canvas, as long as nobody has moved or zoomed it. */

import type { Core, NodeSingular } from "cytoscape";

const PADDING = 36;
/** Longer than the pause within a double click: no node moves away from below the mouse. */
const RESTED_MILLISECONDS = 400;
const FITTED = "fitted";

interface Fitted {
  view: string;
  size: string;
  largest: number;
}

/** Have all in sight, no larger than `largest`. */
export function fit(cy: Core, largest = Number.POSITIVE_INFINITY): void {
  cy.fit(undefined, PADDING);
  if (cy.zoom() > largest) {
    cy.zoom(largest);
    cy.center();
  }
  cy.scratch(FITTED, { view: view(cy), size: size(cy), largest } satisfies Fitted);
}

/** Fit again when the canvas has another size; what somebody has moved keeps the chosen node in sight. */
export function keepFitted(cy: Core, chosen: () => string | undefined): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  cy.on("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const fitted: Fitted | undefined = cy.scratch(FITTED);
      if (fitted?.view !== view(cy)) inSight(cy, chosen());
      else if (fitted.size !== size(cy)) fit(cy, fitted.largest);
    }, RESTED_MILLISECONDS);
  });
  return () => clearTimeout(timer);
}

/** Move the drawing where a node would be out of sight. */
export function inSight(cy: Core, id: string | undefined): void {
  const node = id === undefined ? undefined : cy.getElementById(id);
  if (!node?.length || node.isParent()) return;
  const { x1, y1, x2, y2 } = cy.extent();
  const { x, y } = (node as NodeSingular).position();
  if (x >= x1 && x <= x2 && y >= y1 && y <= y2) return;
  const fitted: Fitted | undefined = cy.scratch(FITTED);
  const untouched = fitted?.view === view(cy);
  cy.center(node);
  // It was not a person who moved it: all is in sight again once the canvas rests.
  if (untouched) cy.scratch(FITTED, { ...fitted, view: view(cy) } satisfies Fitted);
}

const view = (cy: Core) => JSON.stringify([cy.pan(), cy.zoom()]);
const size = (cy: Core) => `${cy.width()} ${cy.height()}`;
