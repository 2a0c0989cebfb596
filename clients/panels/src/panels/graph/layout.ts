/** Where nodes stand: fCoSE where boxes are drawn, d3-force in slices where there are too many. */

import type { Core } from "cytoscape";
import {
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";

/** Up to here boxes are drawn, curves and all labels, and fCoSE takes less than half a second. */
export const BOXED_NODES = 300;
const SLICE_MILLISECONDS = 12;
const TICKS = 120;
const THOROUGH_LINKS = 300;

/** Place the nodes; `again` keeps them near where they were. Resolves when all is in its place. */
export async function placed(cy: Core, again: boolean, signal: AbortSignal): Promise<void> {
  if (cy.nodes().length <= BOXED_NODES) {
    cy.layout({
      name: "fcose",
      quality: cy.edges().length > THOROUGH_LINKS ? "default" : "proof",
      randomize: !again,
      animate: false,
      fit: false,
      nodeDimensionsIncludeLabels: true,
      idealEdgeLength: 90,
      nodeRepulsion: 9000,
      nodeSeparation: 90,
      gravity: 0.35,
      packComponents: false,
    } as never).run();
    return;
  }
  interface Place extends SimulationNodeDatum {
    id: string;
  }
  const nodes: Place[] = cy.nodes().map((node) => ({ id: node.id() }));
  const links = cy.edges().map((edge) => ({
    source: edge.source().id(),
    target: edge.target().id(),
  }));
  const simulation = forceSimulation(nodes)
    .force(
      "link",
      forceLink<Place, { source: string; target: string }>(links)
        .id((node) => node.id)
        .distance(60),
    )
    .force("apart", forceManyBody().strength(-160).theta(1.2).distanceMax(900))
    .force("x", forceX().strength(0.04))
    .force("y", forceY().strength(0.04))
    .alphaDecay(1 - 0.001 ** (1 / TICKS))
    .stop();
  for (let tick = 0; tick < TICKS; ) {
    const until = performance.now() + SLICE_MILLISECONDS;
    for (; tick < TICKS && performance.now() < until; tick++) simulation.tick();
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return;
  }
  cy.startBatch();
  for (const { id, x = 0, y = 0 } of nodes) cy.getElementById(id).position({ x, y });
  cy.endBatch();
}
