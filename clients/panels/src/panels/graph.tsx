/** The code graph: folders that open to files and symbols, as a drawing or as a list. */

import type { Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useKept, useShared } from "../hooks.ts";
import { Busy, Empty, Failed, Partial } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { useChosen } from "./graph/chosen.ts";
import { classes } from "./graph/classes.ts";
import { Controls, type Options } from "./graph/controls.tsx";
import { mermaid } from "./graph/exporting.tsx";
import { found, levelled, stepped } from "./graph/finding.ts";
import { useOpened } from "./graph/opened.ts";
import { shown as shownOf } from "./graph/shown.ts";
import { Sight } from "./graph/sight.tsx";
import { named } from "./graph/tree.ts";

const OPTIONS: Options = { kind: "dependencies", colouring: "language", view: "drawing" };

export function GraphPanel({ opening }: { opening: Opening }): JSX.Element {
  const { client } = useShared();
  const [options, setOptions] = useKept<Options>("graph.options", OPTIONS);
  const [find, setFind] = useState("");
  const picture = useRef<(() => string) | undefined>(undefined);
  const opened = useOpened(options.kind);
  const { tree, open } = opened;
  const chosen = useChosen(opening, opened, () => setOptions({ ...options, kind: "calls" }));
  // Choosing another node draws anew only where its neighbours alone are drawn.
  const middle = chosen.around > 0 ? chosen.id : undefined;
  const shown = useMemo(() => {
    const around = middle === undefined ? undefined : { id: middle, steps: chosen.around };
    return tree && shownOf(tree, open, around);
  }, [tree, open, middle, chosen.around]);
  const by = useMemo(() => tree && classes(options.colouring, tree), [tree, options.colouring]);
  const hits = useMemo(() => (tree ? found(tree, find) : []), [tree, find]);

  const unit = tree?.units.get(chosen.id ?? "");
  const step = (backwards: boolean) => {
    const to = stepped(hits, chosen.id, backwards);
    if (to === undefined) return;
    opened.reveal(to);
    chosen.choose(to);
  };
  const save = (as: "svg" | "mermaid") => {
    const text = as === "svg" ? picture.current?.() : shown && mermaid(shown);
    const name = `graph-${options.kind}.${as === "svg" ? "svg" : "mmd"}`;
    if (text !== undefined) client.tell({ type: "save", name, text });
  };
  return (
    <div class="graph">
      <Controls
        options={options}
        find={find}
        hits={hits.length}
        nodes={shown?.nodes.length ?? 0}
        links={shown?.links.length ?? 0}
        onOptions={setOptions}
        onFind={setFind}
        onStep={step}
        onLevel={(level) => opened.show(tree ? levelled(tree, level) : [])}
        onExport={save}
      />
      <Busy busy={opened.loading} />
      {opened.errors.map((message) => (
        <Failed key={message} message={message} />
      ))}
      {tree && shown && by && (
        <>
          {shown.leftOut > 0 && <Partial>{texts.graph.leftOut(shown.leftOut)}</Partial>}
          {middle && unit && <Partial>{texts.graph.onlyAround(named(tree, unit.id))}</Partial>}
          {shown.nodes.length === 0 ? (
            <Empty>{texts.graph.none[options.kind]}</Empty>
          ) : (
            <Sight
              {...{ tree, shown, opened, chosen }}
              view={options.view}
              classes={by}
              hits={find.trim() ? hits : undefined}
              pictureBy={(draw) => {
                picture.current = draw;
              }}
            />
          )}
        </>
      )}
      <div class="unseen" role="status">
        {unit && tree && by && `${named(tree, unit.id)}, ${by.said(unit)}`}
      </div>
    </div>
  );
}
