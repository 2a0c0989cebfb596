/** The code graph: folders that open to files and symbols, as a drawing or as a list. */

import type { Graph, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer, useKept, useShared } from "../hooks.ts";
import { List } from "../parts/list.tsx";
import { Busy, Empty, Failed, Partial as Part } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { About, named } from "./graph/about.tsx";
import { useSteady, useSymbols, useWanted } from "./graph/asking.ts";
import { Canvas } from "./graph/canvas.tsx";
import { classes } from "./graph/classes.ts";
import { Controls, Legend, type Options } from "./graph/controls.tsx";
import { mermaid } from "./graph/exporting.tsx";
import { useTheme } from "./graph/sheet.ts";
import { neighbours, openedAtFirst, shown as shownOf } from "./graph/shown.ts";
import { boxes, grown, type Tree, type Unit } from "./graph/tree.ts";

const OPTIONS: Options = { kind: "dependencies", colouring: "language", view: "drawing" };
const ROW_PIXELS = 28;
const NO_SYMBOLS = new Map<string, Graph>();

export function GraphPanel({ opening }: { opening: Opening }): JSX.Element {
  const { client, say } = useShared();
  const [options, setOptions] = useKept<Options>("graph.options", OPTIONS);
  const [opened, setOpened] = useKept<{ kind: string; ids: string[] } | null>("graph.open", null);
  const [chosen, setChosen] = useKept<string | undefined>("graph.chosen", undefined);
  const [around, setAround] = useState(0);
  const [find, setFind] = useState("");
  const [only, setOnly] = useState<string>();
  const theme = useTheme();
  const picture = useRef<(() => string) | undefined>(undefined);

  const answer = useAnswer("codearch.graph", { kind: options.kind, level: "file" });
  const { error, loading } = answer;
  const value = useSteady(answer.value);
  const mine = opened?.kind === options.kind ? opened.ids : undefined;
  const files = useMemo(() => (value ? grown(value, NO_SYMBOLS) : undefined), [value]);
  const inCalls = options.kind === "calls" ? (mine ?? []) : [];
  const symbols = useSymbols(inCalls, files);
  const tree = useMemo(
    () => (value ? grown(value, symbols.answers) : undefined),
    [value, symbols.answers],
  );
  const first = useMemo(
    () => (files ? [...(options.kind === "cycles" ? boxes(files) : openedAtFirst(files))] : []),
    [files, options.kind],
  );
  const open = useMemo(() => new Set(mine ?? first), [mine, first]);
  const shown = useMemo(
    () =>
      tree &&
      shownOf(
        tree,
        open,
        around && chosen !== undefined ? { id: chosen, steps: around } : undefined,
      ),
    // Choosing another node draws anew only where its neighbours alone are drawn.
    [tree, open, around, around ? chosen : undefined],
  );
  const by = useMemo(() => tree && classes(options.colouring, tree), [tree, options.colouring]);
  const hits = useMemo(() => (tree ? found(tree, find) : []), [tree, find]);
  const marked = useMemo(() => {
    if (!shown || !by) return undefined;
    const fits = new Set(hits);
    if (find.trim()) return new Set(shown.nodes.filter(({ id }) => fits.has(id)).map((n) => n.id));
    if (only === undefined) return undefined;
    return new Set(shown.nodes.filter((node) => by.of(node).name === only).map((n) => n.id));
  }, [shown, by, hits, find, only]);

  const show = (ids: Iterable<string>) => setOpened({ kind: options.kind, ids: [...ids] });
  const shut = (id: string) => show([...open].filter((each) => each !== id));
  const reveal = (id: string) => {
    const missing = tree?.units.get(id)?.within.filter((box) => !open.has(box)) ?? [];
    if (missing.length > 0) show([...open, ...missing]);
    setChosen(id);
  };
  const expands = (unit: Unit) =>
    unit.kind === "folder" || (unit.kind === "file" && options.kind === "calls");
  const openOne = (id: string) => {
    const unit = tree?.units.get(id);
    if (!unit) return;
    if (expands(unit)) show([...open, id]);
    else client.tell({ type: "open", uri: unit.uri, range: unit.range, beside: false });
  };
  useWanted(opening, (place) => {
    setOptions({ ...options, kind: "calls" });
    setAround(0);
    setWanted(place);
  });
  const [wanted, setWanted] = useState<{ uri: string; id: string }>();
  useEffect(() => {
    if (!wanted || !files || options.kind !== "calls") return;
    const file = [...files.units.values()].find((unit) => unit.uri === wanted.uri);
    if (!file) return say(texts.graph.notThere);
    setOpened({ kind: "calls", ids: [...new Set([...open, ...file.within, file.id])] });
    setChosen(wanted.id);
    setAround(1);
    setWanted(undefined);
  }, [wanted, files, options.kind]);

  const unit = chosen === undefined ? undefined : tree?.units.get(chosen);
  const export_ = (as: "svg" | "mermaid") => {
    const text = as === "svg" ? picture.current?.() : shown && mermaid(shown);
    const name = `graph-${options.kind}.${as === "svg" ? "svg" : "mmd"}`;
    if (text !== undefined) client.tell({ type: "save", name, text });
  };
  const step = (backwards: boolean) => {
    if (hits.length === 0) return;
    const at = chosen === undefined ? -1 : hits.indexOf(chosen);
    const to = (at + (backwards ? hits.length - 1 : 1)) % hits.length;
    reveal(hits[Math.max(0, to)] as string);
  };
  const ready = tree && shown && by && shown.nodes.length > 0;
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
        onLevel={(level) => show(tree ? levelled(tree, level) : [])}
        onExport={export_}
      />
      <Busy busy={loading || symbols.loading} />
      {error !== undefined && <Failed message={error} />}
      {symbols.error !== undefined && <Failed message={symbols.error} />}
      {shown && shown.leftOut > 0 && <Part>{texts.graph.leftOut(shown.leftOut)}</Part>}
      {around > 0 && unit && <Part>{texts.graph.onlyAround(named(tree as Tree, unit.id))}</Part>}
      {value && !ready && <Empty>{texts.graph.none[options.kind]}</Empty>}
      {ready && (
        <div class={options.view === "drawing" ? "graphed" : "split"}>
          {options.view === "drawing" ? (
            <div class="drawn">
              <Canvas
                shown={shown}
                classes={by}
                chosen={chosen}
                marked={marked}
                theme={theme}
                onChoose={setChosen}
                onOpen={openOne}
                onShut={shut}
                pictureBy={(draw) => {
                  picture.current = draw;
                }}
              />
              <Legend classes={by} only={only} onOnly={setOnly} />
            </div>
          ) : (
            <Listed
              tree={tree}
              nodes={marked ? shown.nodes.filter(({ id }) => marked.has(id)) : shown.nodes}
              said={(each) => `${by.said(each)}; ${links(shown, each.id)}`}
              chosen={chosen}
              choose={setChosen}
              openOne={openOne}
              shut={(each) =>
                each.within.at(-1) !== undefined && shut(each.within.at(-1) as string)
              }
            />
          )}
          {unit && (
            <About
              unit={unit}
              tree={tree}
              shown={shown}
              open={open.has(unit.id)}
              expands={expands(unit)}
              around={around}
              choose={setChosen}
              toggle={() => (open.has(unit.id) ? shut(unit.id) : openOne(unit.id))}
              setAround={setAround}
            />
          )}
        </div>
      )}
      <div class="unseen" role="status">
        {unit && tree ? `${named(tree, unit.id)}, ${by?.said(unit) ?? ""}` : ""}
      </div>
    </div>
  );
}

function links(shown: Parameters<typeof neighbours>[0], id: string): string {
  const { into, from } = neighbours(shown, id);
  return texts.graph.ends(from.length, into.length);
}

function levelled(tree: Tree, level: "folder" | "file" | "symbol"): string[] {
  if (level === "folder") return [...openedAtFirst(tree)];
  const folders = boxes(tree).filter((id) => tree.units.get(id)?.kind === "folder");
  if (level === "file") return folders;
  const all = [...tree.units.values()].filter((unit) => unit.kind === "file");
  return [...folders, ...all.map((unit) => unit.id)];
}

/** What a search finds, also what is not open: nearest to the surface first. */
function found(tree: Tree, words: string): string[] {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  return [...tree.units.values()]
    .filter((unit) => named(tree, unit.id).toLowerCase().includes(wanted))
    .sort((one, other) => one.within.length - other.within.length)
    .map((unit) => unit.id);
}

interface ListedProps {
  tree: Tree;
  nodes: readonly Unit[];
  chosen: string | undefined;
  said(unit: Unit): string;
  choose(id: string): void;
  openOne(id: string): void;
  shut(unit: Unit): void;
}

function Listed({ tree, nodes, chosen, said, choose, openOne, shut }: ListedProps): JSX.Element {
  const sorted = useMemo(
    () => [...nodes].sort((one, other) => named(tree, one.id).localeCompare(named(tree, other.id))),
    [tree, nodes],
  );
  const at = Math.max(
    0,
    sorted.findIndex((unit) => unit.id === chosen),
  );
  return (
    <section class="results" aria-label={texts.graph.list}>
      <List
        label={texts.graph.list}
        items={sorted}
        height={ROW_PIXELS}
        chosen={at}
        onChoose={(index) => choose((sorted[index] as Unit).id)}
        onOpen={(unit) => openOne(unit.id)}
        onKey={(event, unit) => {
          if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
          if (event.key === "ArrowLeft") shut(unit);
          else openOne(unit.id);
          event.preventDefault();
        }}
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
