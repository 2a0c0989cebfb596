/** What may be meant by what was typed so far: names of symbols, and recent searches. */

import { suggested } from "@codearch/protocol";
import type { JSX } from "preact";
import { useAnswer, useShared } from "../../hooks.ts";
import { texts } from "../../texts.ts";

const NAMES = 4;
const ENDS_IN_A_NAME = /(?:^|\s)([\p{L}_$][\p{L}\p{N}_$]+)$/u;

interface Props {
  /** What was typed, once that has rested. */
  typed: string;
  take(query: string): void;
}

export function Suggestions({ typed, take }: Props): JSX.Element {
  const { recent } = useShared();
  const word = ENDS_IN_A_NAME.exec(typed)?.[1];
  const { value } = useAnswer(
    "codearch.symbols",
    word ? { query: word, limit: 4 * NAMES } : undefined,
  );
  const names = word ? completed(value?.symbols.map((each) => each.name) ?? [], word) : [];
  const queries = suggested(recent, typed);
  // Something always stands there, so that nothing below jumps while one types.
  if (queries.length + names.length === 0) {
    return <p class="suggestions dim">{texts.search.keys}</p>;
  }
  const before = word ? typed.slice(0, typed.length - word.length) : typed;
  return (
    <ul class="suggestions" aria-label={texts.search.suggestions}>
      {queries.map((query) => (
        <li key={`recent ${query}`}>
          <button type="button" class="chip" onClick={() => take(query)}>
            <span class="kind">{texts.search.recent}</span> {query}
          </button>
        </li>
      ))}
      {names.map((name) => (
        <li key={`name ${name}`}>
          <button type="button" class="chip" onClick={() => take(before + name)}>
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Each name once, and none that was typed in full. */
export function completed(names: readonly string[], word: string): string[] {
  return [...new Set(names)].filter((name) => name !== word).slice(0, NAMES);
}

/** Recent searches where nothing was typed yet. */
export function Recent({ take }: { take(query: string): void }): JSX.Element | null {
  const { client, recent } = useShared();
  if (recent.length === 0) return null;
  return (
    <section class="recent" aria-label={texts.search.recentOnes}>
      <div class="bar">
        <h2>{texts.search.recentOnes}</h2>
        <button type="button" class="quiet" onClick={() => client.tell({ type: "forget" })}>
          {texts.search.forget}
        </button>
      </div>
      <ul class="plain">
        {recent.map((query) => (
          <li key={query}>
            <button type="button" class="link" onClick={() => take(query)}>
              {query}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
