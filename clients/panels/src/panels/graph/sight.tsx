/** What is shown of a graph, drawn or listed, with what is known of the chosen node beside it. */

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { texts } from "../../texts.ts";
import { About } from "./about.tsx";
import { Canvas } from "./canvas.tsx";
import type { Chosen } from "./chosen.ts";
import type { Classes } from "./classes.ts";
import { Legend } from "./controls.tsx";
import { marked as markedOf } from "./finding.ts";
import { Listed } from "./listed.tsx";
import type { Opened } from "./opened.ts";
import { useTheme } from "./sheet.ts";
import { neighbours, type Shown } from "./shown.ts";
import type { Tree, Unit } from "./tree.ts";

interface Props {
  view: "drawing" | "list";
  tree: Tree;
  shown: Shown;
  classes: Classes;
  opened: Opened;
  chosen: Chosen;
  /** What was found; undefined where nothing is looked for. */
  hits: readonly string[] | undefined;
  pictureBy(draw: (() => string) | undefined): void;
}

export function Sight({ view, tree, shown, classes, opened, chosen, hits, pictureBy }: Props) {
  const [only, setOnly] = useState<string>();
  const theme = useTheme();
  const marked = useMemo(() => markedOf(shown, classes, hits, only), [shown, classes, hits, only]);
  const unit = chosen.id === undefined ? undefined : tree.units.get(chosen.id);
  const steps = { onChoose: chosen.choose, onOpen: opened.enter, onShut: opened.shut };
  return (
    <div class={view === "drawing" ? "graphed" : "split"}>
      {view === "drawing" ? (
        <div class="drawn">
          <Canvas {...{ shown, classes, marked, theme, pictureBy }} {...steps} chosen={chosen.id} />
          <Legend classes={classes} only={only} onOnly={setOnly} />
        </div>
      ) : (
        <Listed
          tree={tree}
          nodes={marked ? shown.nodes.filter(({ id }) => marked.has(id)) : shown.nodes}
          said={(each) => `${classes.said(each)}; ${linksOf(shown, each)}`}
          chosen={chosen.id}
          {...steps}
        />
      )}
      {unit && <Beside {...{ unit, tree, shown, opened, chosen }} />}
    </div>
  );
}

type BesideProps = Pick<Props, "tree" | "shown" | "opened" | "chosen"> & { unit: Unit };

function Beside({ unit, tree, shown, opened, chosen }: BesideProps): JSX.Element {
  const open = opened.open.has(unit.id);
  return (
    <About
      unit={unit}
      tree={tree}
      shown={shown}
      open={open}
      expands={opened.expands(unit)}
      around={chosen.around}
      choose={chosen.choose}
      toggle={() => (open ? opened.shut(unit.id) : opened.enter(unit.id))}
      setAround={chosen.setAround}
    />
  );
}

function linksOf(shown: Shown, { id }: Unit): string {
  const { into, from } = neighbours(shown, id);
  return texts.graph.ends(from.length, into.length);
}
