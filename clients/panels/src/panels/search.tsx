/** Search by meaning: results while you type, and the code of the chosen one. */

import type { Like, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useKept } from "../hooks.ts";
import { Query as Field } from "../parts/query.tsx";
import { Busy, Empty, Failed, Partial } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { FilterFields, type Filters, NO_FILTERS } from "./search/filters.tsx";
import { Found } from "./search/found.tsx";
import { useFound, useSought } from "./search/sought.ts";
import { Recent, Suggestions } from "./search/suggestions.tsx";

export function SearchPanel({ opening }: { opening: Opening }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const { query, like, type, setLike } = useSought(opening, field);
  const [filters, setFilters] = useKept<Filters>("search.filters", NO_FILTERS);
  const { value, error, loading, words } = useFound(query, like, filters);
  const asked = like !== null || words !== "";
  const results = asked ? value?.results.length : undefined;
  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined);
  if (!results) keys.current = () => undefined;
  const take = (suggestion: string) => {
    type(suggestion);
    field.current?.focus();
  };
  const lookLike = (next: Like | null) => {
    setLike(next);
    field.current?.focus(); // the button that was pressed is gone
  };
  return (
    <div class="search">
      <header>
        <Field
          field={field}
          label={texts.search.label}
          placeholder={texts.search.placeholder}
          value={query}
          onInput={type}
          onKeyDown={(event) => keys.current(event)}
        />
        {query.trim() !== "" && !like && <Suggestions typed={words} take={take} />}
        {like ? (
          <About like={like} end={() => lookLike(null)} />
        ) : (
          <FilterFields filters={filters} onChange={setFilters} />
        )}
      </header>
      <Busy busy={loading} />
      {value && !value.complete && <Partial>{texts.search.partial}</Partial>}
      {error !== undefined && <Failed message={error} />}
      {!asked && <Begin take={take} />}
      {results === 0 && !loading && (
        <Empty>{like ? texts.search.noneLike(like.name) : texts.search.none(query)}</Empty>
      )}
      {value && !!results && (
        <Found
          // Chosen and folded is anew what is typed, not what is answered: keys pressed since count.
          key={JSON.stringify([query, filters, like])}
          answer={value}
          query={like ? "" : query}
          keys={keys}
          onLike={lookLike}
        />
      )}
    </div>
  );
}

function Begin({ take }: { take(query: string): void }): JSX.Element {
  return (
    <>
      <Empty>{texts.search.hint}</Empty>
      <Recent take={take} />
    </>
  );
}

function About({ like, end }: { like: Like; end(): void }): JSX.Element {
  return (
    <p class="bar about">
      <span>
        {texts.search.likeWhat} <b>{like.name}</b>
      </span>
      <button type="button" class="quiet" onClick={end}>
        {texts.search.back}
      </button>
    </p>
  );
}
