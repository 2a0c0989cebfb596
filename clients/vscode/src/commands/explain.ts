import { show } from "../views/panels.ts";
import type { Command } from "./command.ts";
import { placeAtCursor } from "./places.ts";

export const explain: Command = {
  id: "explain",
  run(server) {
    const place = placeAtCursor();
    if (place) show(server, { panel: "explain", ...place });
  },
};

export const graphs: Command[] = [
  {
    id: "graph",
    run: (server) => show(server, { panel: "graph" }),
  },
  {
    id: "showInGraph",
    run(server) {
      const place = placeAtCursor();
      if (place) show(server, { panel: "graph", ...place });
    },
  },
];
