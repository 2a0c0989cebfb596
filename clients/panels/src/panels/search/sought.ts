/** What is looked for: words, or code like other code. */

import type { Commands, Like, Opening } from "@codearch/protocol";
import type { RefObject } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type Answer, useAnswer, useKept, useRested } from "../../hooks.ts";
import { argument, type Filters, MOST } from "./filters.tsx";

const RESTED_MILLISECONDS = 120;

export interface Sought {
  query: string;
  like: Like | null;
  /** Look for words, and no longer for what is like something. */
  type(query: string): void;
  setLike(like: Like | null): void;
}

/** Begin with what an opening asks for; whoever types in the field already goes on. */
export function useSought(opening: Opening, field: RefObject<HTMLInputElement | null>): Sought {
  const [query, setQuery] = useKept("search.query", "");
  const [like, setLike] = useKept<Like | null>("search.like", null);
  const type = (typed: string) => {
    setQuery(typed);
    setLike(null);
  };
  useEffect(() => {
    if (opening.like) setLike(opening.like);
    else if (opening.query !== undefined) type(opening.query);
    // What is selected would be lost by the next key.
    else if (document.activeElement === field.current) return;
    field.current?.select();
  }, [opening]);
  return { query, like, type, setLike };
}

export interface Found extends Answer<Commands["codearch.search"]["result"]> {
  /** The words that were asked for: those of the field, once nobody types any more. */
  words: string;
}

export function useFound(query: string, like: Like | null, filters: Filters): Found {
  const rested = useRested(JSON.stringify(argument(query, filters)), RESTED_MILLISECONDS);
  const wanted = useMemo(() => (rested ? JSON.parse(rested) : undefined), [rested]);
  const found = useAnswer("codearch.search", like ? undefined : wanted);
  const alike = useAnswer("codearch.similar", like ? about(like) : undefined);
  return { ...(like ? alike : found), words: wanted?.query ?? "" };
}

function about({ name: _, ...like }: Like): Commands["codearch.similar"]["argument"] {
  return { ...like, limit: MOST };
}
