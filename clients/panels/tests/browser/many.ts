/** A graph of any size, for drawings that a small workspace does not fill. */

import type { Graph } from "@codearch/protocol";

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** So many files in sixty folders, most of their links within a folder. */
export function manyFiles(nodes: number, edges: number): Graph {
  let seed = 7;
  const any = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  const id = (number: number) => `part${number % 60}/module_${number}.py`;
  return {
    nodes: Array.from({ length: nodes }, (_, number) => ({
      id: id(number),
      label: id(number),
      kind: "file",
      uri: `file:///w/${id(number)}`,
      range: nowhere,
      lines: any(900),
      complexity: any(90),
      debt: any(40) / 2,
      churn: any(30),
    })),
    edges: Array.from({ length: edges }, (_, number) => ({
      source: id(number % nodes),
      target: id(any(10) < 7 ? (number + 60 * (1 + any(8))) % nodes : any(nodes)),
      kind: "import",
      count: 1 + any(9),
      confidence: 1,
      deferred: false,
    })),
    leftOut: 0,
  };
}
