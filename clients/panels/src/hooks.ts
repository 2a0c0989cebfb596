/** What panels share: the client, what is asked last and its answer, state that is kept. */

import type { Command, Commands, Status } from "@codearch/protocol";
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Client } from "./client.ts";

/** What every panel may know. `generation` grows when the index has changed. */
export interface Shared {
  client: Client;
  status: Status | undefined;
  /** Why there is no status. */
  failed: string | undefined;
  roots: readonly string[];
  generation: number;
  /** What was searched for lately, the latest first. */
  recent: readonly string[];
  say(message: string): void;
}

export const SharedContext = createContext<Shared | undefined>(undefined);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (!shared) throw new Error("there is no client above this part");
  return shared;
}

/** An answer that may be on its way; the one before stays to be seen until then. */
export interface Answer<T> {
  value: T | undefined;
  error: string | undefined;
  loading: boolean;
}

/**
 * Ask for what is wanted now; an answer to what was wanted before is dropped.
 *
 * Nothing is asked for `undefined`. It is asked again after the index has changed.
 */
export function useAnswer<C extends Command>(
  command: C,
  argument: Commands[C]["argument"] | undefined,
  again: unknown = 0,
): Answer<Commands[C]["result"]> {
  const { client, generation } = useShared();
  const [answer, setAnswer] = useState<Answer<Commands[C]["result"]>>({
    value: undefined,
    error: undefined,
    loading: argument !== undefined,
  });
  const key = argument === undefined ? undefined : JSON.stringify(argument);
  useEffect(() => {
    if (key === undefined) {
      setAnswer({ value: undefined, error: undefined, loading: false });
      return;
    }
    const taken = new AbortController();
    setAnswer((before) => ({ ...before, loading: true }));
    client.ask(command, JSON.parse(key), taken.signal).then(
      (value) => {
        if (!taken.signal.aborted) setAnswer({ value, error: undefined, loading: false });
      },
      (error: Error) => {
        if (!taken.signal.aborted) {
          setAnswer({ value: undefined, error: error.message, loading: false });
        }
      },
    );
    return () => taken.abort();
  }, [client, command, key, generation, again]);
  return answer;
}

/** A value that follows another one once that has rested. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return rested;
}

/** State of a panel that outlives the view: a host hands it back when it shows the panel again. */
const keptState = new Map<string, unknown>();

export function restore(state: unknown): void {
  if (typeof state !== "object" || state === null) return;
  for (const [name, value] of Object.entries(state)) keptState.set(name, value);
}

export function useKept<T>(name: string, first: T): [T, (value: T) => void] {
  const { client } = useShared();
  const [value, setValue] = useState<T>(() => (keptState.get(name) as T | undefined) ?? first);
  const set = useRef((next: T) => {
    keptState.set(name, next);
    setValue(next);
    client.tell({ type: "keep", state: Object.fromEntries(keptState) });
  });
  return [value, set.current];
}
