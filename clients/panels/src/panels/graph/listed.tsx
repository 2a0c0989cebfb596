/** What the drawing shows as a list, for whoever does not see it or likes to read. */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { List } from "../../parts/list.tsx";
import { texts } from "../../texts.ts";
import { named, type Tree, type Unit } from "./tree.ts";

const ROW_PIXELS = 28;

interface Props {
  tree: Tree;
  nodes: readonly Unit[];
  chosen: string | undefined;
  said(unit: Unit): string;
  onChoose(id: string): void;
  onOpen(id: string): void;
  onShut(id: string): void;
}

export function Listed({ tree, nodes, chosen, said, ...on }: Props): JSX.Element {
  const sorted = useMemo(
    () => [...nodes].sort((one, other) => named(tree, one.id).localeCompare(named(tree, other.id))),
    [tree, nodes],
  );
  const at = sorted.findIndex((unit) => unit.id === chosen);
  const fold = (event: KeyboardEvent, unit: Unit) => {
    const around = unit.within.at(-1);
    if (event.key === "ArrowRight") on.onOpen(unit.id);
    else if (event.key !== "ArrowLeft") return;
    else if (around !== undefined) on.onShut(around);
    event.preventDefault();
  };
  return (
    <section class="results" aria-label={texts.graph.list}>
      <List
        label={texts.graph.list}
        items={sorted}
        height={ROW_PIXELS}
        chosen={Math.max(0, at)}
        onChoose={(index) => on.onChoose((sorted[index] as Unit).id)}
        onOpen={(unit) => on.onOpen(unit.id)}
        onKey={fold}
      >
        {(unit) => (
          <span class="line">
            <span class="kind">{unit.kind}</span>
            <span class="name">{named(tree, unit.id)}</span>
            <span class="dim">{said(unit)}</span>
          </span>
        )}
      </List>
    </section>
  );
}
