/** What is asked of the server beside the files' graph: symbols of open files, and a symbol to begin at. */

import type { Graph, Opening } from "@codearch/protocol";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useShared } from "../../hooks.ts";
import { MOST_NODES } from "./shown.ts";
import type { Symbols, Tree } from "./tree.ts";

/** From so many open files on, all symbols are asked for at once. */
const FEW_FILES = 12;
const ALL = "";

interface Asked {
  answers: Symbols;
  loading: boolean;
  error: string | undefined;
}

/** The same object as long as it says the same: an index that changes elsewhere moves no node. */
export function useSteady<T>(value: T): T {
  const kept = useRef({ value, text: JSON.stringify(value) });
  if (value !== kept.current.value) {
    const text = JSON.stringify(value);
    kept.current = { value: text === kept.current.text ? kept.current.value : value, text };
  }
  return kept.current.value;
}

/** The symbols of the files among what is open; what is known is not asked for again. */
export function useSymbols(open: readonly string[], files: Tree | undefined): Asked {
  const { client, generation } = useShared();
  const [asked, setAsked] = useState<Asked>({
    answers: new Map(),
    loading: false,
    error: undefined,
  });
  const known = useRef<{ files: Tree | undefined; answers: Map<string, Graph> }>({
    files: undefined,
    answers: new Map(),
  });
  const wanted = useMemo(() => {
    const units = open.map((id) => files?.units.get(id)).filter((unit) => unit?.kind === "file");
    if (units.length > FEW_FILES) return JSON.stringify([[ALL, null]]);
    return JSON.stringify(units.map((unit) => [unit?.id, unit?.uri]));
  }, [open, files]);
  useEffect(() => {
    if (known.current.files !== files) known.current = { files, answers: new Map() };
    const { answers } = known.current;
    const ids = JSON.parse(wanted) as [string, string | null][];
    const tell = (error?: string, loading = false) =>
      setAsked({
        answers: new Map(
          ids.flatMap(([id]) => (answers.has(id) ? [[id, answers.get(id) as Graph]] : [])),
        ),
        loading,
        error,
      });
    const missing = ids.filter(([id]) => !answers.has(id));
    tell(undefined, missing.length > 0);
    if (missing.length === 0) return;
    const taken = new AbortController();
    Promise.all(
      missing.map(async ([id, scope]) => {
        const argument = scope === null ? { limit: MOST_NODES } : { scope };
        const query = { kind: "calls", level: "symbol", ...argument } as const;
        answers.set(id, await client.ask("codearch.graph", query, taken.signal));
      }),
    ).then(
      () => tell(),
      (error: Error) => !taken.signal.aborted && tell(error.message),
    );
    return () => taken.abort();
  }, [client, generation, wanted, files]);
  return asked;
}

/** Say once which symbol an opening names, where it names a place. */
export function useWanted(
  opening: Opening,
  found: (place: { uri: string; id: string }) => void,
): void {
  const { client, say } = useShared();
  useEffect(() => {
    const { uri, position } = opening;
    if (!uri || !position) return;
    const taken = new AbortController();
    client.ask("codearch.explain", { uri, position }, taken.signal).then(
      ({ symbol }) => found({ uri: symbol.uri, id: symbol.id }),
      (error: Error) => !taken.signal.aborted && say(error.message),
    );
    return () => taken.abort();
  }, [opening]);
}
