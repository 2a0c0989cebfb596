/** Which node is chosen, and whether its neighbours alone are drawn. */

import type { Opening } from "@codearch/protocol";
import { useEffect, useState } from "preact/hooks";
import { useKept, useShared } from "../../hooks.ts";
import { texts } from "../../texts.ts";
import { useWanted } from "./asking.ts";
import type { Opened } from "./opened.ts";

export interface Chosen {
  id: string | undefined;
  /** What is farther from it than so many links is left out; 0 leaves nothing out. */
  around: number;
  choose(id: string | undefined): void;
  setAround(steps: number): void;
}

/** Begin at the symbol that an opening names, among its calls: `toCalls` has those shown. */
export function useChosen(opening: Opening, opened: Opened, toCalls: () => void): Chosen {
  const { say } = useShared();
  const [id, choose] = useKept<string | undefined>("graph.chosen", undefined);
  const [around, setAround] = useState(0);
  const [wanted, setWanted] = useState<{ uri: string; id: string }>();
  useWanted(opening, (place) => {
    toCalls();
    setAround(0);
    setWanted(place);
  });
  const { files, kind } = opened;
  useEffect(() => {
    if (!wanted || !files || kind !== "calls") return;
    const file = [...files.units.values()].find((unit) => unit.uri === wanted.uri);
    if (!file) return say(texts.graph.notThere);
    opened.show([...opened.open, ...file.within, file.id]);
    choose(wanted.id);
    setAround(1);
    setWanted(undefined);
  }, [wanted, files, kind]);
  return { id, around, choose, setAround };
}
