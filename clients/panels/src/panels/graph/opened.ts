/** The graph of a kind as a tree, and which of its folders and files are open. */

import type { Graph } from "@codearch/protocol";
import { useMemo } from "preact/hooks";
import { useAnswer, useKept, useShared } from "../../hooks.ts";
import { useSteady, useSymbols } from "./asking.ts";
import type { Kind } from "./controls.tsx";
import { openedAtFirst } from "./shown.ts";
import { boxes, grown, isFolder, type Tree, type Unit } from "./tree.ts";

const NO_SYMBOLS = new Map<string, Graph>();

export interface Opened {
  kind: Kind;
  /** The tree without symbols; undefined until the server has answered. */
  files: Tree | undefined;
  tree: Tree | undefined;
  open: ReadonlySet<string>;
  loading: boolean;
  errors: readonly string[];
  /** Whether a unit has something inside that can be asked for. */
  expands(unit: Unit): boolean;
  /** Have these boxes open and no others. */
  show(ids: Iterable<string>): void;
  /** Open a box, and anything else in the editor. */
  enter(id: string): void;
  shut(id: string): void;
  /** Open what is around a unit. */
  reveal(id: string): void;
}

export function useOpened(kind: Kind): Opened {
  const { client } = useShared();
  const [kept, setKept] = useKept<{ kind: string; ids: string[] } | null>("graph.open", null);
  const answer = useAnswer("codearch.graph", { kind, level: "file" });
  const value = useSteady(answer.value);
  const mine = kept?.kind === kind ? kept.ids : undefined;
  const files = useMemo(() => value && grown(value, NO_SYMBOLS), [value]);
  const symbols = useSymbols(kind === "calls" ? (mine ?? []) : [], files);
  const tree = useMemo(() => value && grown(value, symbols.answers), [value, symbols.answers]);
  const first = useMemo(
    () => files && (kind === "cycles" ? boxes(files) : openedAtFirst(files)),
    [files, kind],
  );
  const open = useMemo(() => new Set(mine ?? first), [mine, first]);
  const show = (ids: Iterable<string>) => setKept({ kind, ids: [...new Set(ids)] });
  const expands = (unit: Unit) => isFolder(unit) || (unit.kind === "file" && kind === "calls");
  return {
    kind,
    files,
    tree,
    open,
    loading: answer.loading || symbols.loading,
    errors: [answer.error, symbols.error].filter((each) => each !== undefined),
    expands,
    show,
    enter(id) {
      const unit = tree?.units.get(id);
      if (!unit) return;
      if (expands(unit)) show([...open, id]);
      else client.tell({ type: "open", uri: unit.uri, range: unit.range, beside: false });
    },
    shut: (id) => show([...open].filter((each) => each !== id)),
    reveal(id) {
      const missing = tree?.units.get(id)?.within.filter((box) => !open.has(box)) ?? [];
      if (missing.length > 0) show([...open, ...missing]);
    },
  };
}
