/** Search by meaning: results while you type, and the code of the chosen one. */

import type { Commands, HitForm, Like, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer, useKept, useRested, useShared } from "../hooks.ts";
import { type Line, lines, useFolds } from "../parts/groups.tsx";
import { moved } from "../parts/list.tsx";
import { relative } from "../parts/places.ts";
import { Query as Field } from "../parts/query.tsx";
import { Busy, Empty, Failed, Partial } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { Detail } from "./search/detail.tsx";
import { argument, FilterFields, type Filters, MOST, NO_FILTERS } from "./search/filters.tsx";
import { type Order, Results } from "./search/results.tsx";
import { Recent, Suggestions } from "./search/suggestions.tsx";

type Answer = Commands["codearch.search"]["result"];

const RESTED_MILLISECONDS = 120;

export function SearchPanel({ opening }: { opening: Opening }): JSX.Element {
  const [query, setQuery] = useKept("search.query", "");
  const [like, setLike] = useKept<Like | null>("search.like", null);
  const [filters, setFilters] = useKept<Filters>("search.filters", NO_FILTERS);
  const field = useRef<HTMLInputElement>(null);
  const type = (typed: string) => {
    setQuery(typed);
    setLike(null);
  };
  const take = (suggestion: string) => {
    type(suggestion);
    field.current?.focus();
  };
  useEffect(() => {
    if (opening.like) setLike(opening.like);
    else if (opening.query !== undefined) {
      setQuery(opening.query);
      setLike(null);
    }
    // Whoever types already would lose what is selected by the next key.
    else if (document.activeElement === field.current) return;
    field.current?.select();
  }, [opening, setQuery, setLike]);
  const asked = useRested(JSON.stringify(argument(query, filters)), RESTED_MILLISECONDS);
  const wanted = useMemo(() => (asked ? JSON.parse(asked) : undefined), [asked]);
  const found = useAnswer("codearch.search", like ? undefined : wanted);
  const alike = useAnswer("codearch.similar", like ? about(like) : undefined);
  const { value, error, loading } = like ? alike : found;
  const none = like ? texts.search.noneLike(like.name) : texts.search.none(query);
  const onKeyDown = useRef<(event: KeyboardEvent) => void>(() => undefined);
  const answered = (like || wanted) && value && value.results.length > 0;
  if (!answered) onKeyDown.current = () => undefined;
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
          onKeyDown={(event) => onKeyDown.current(event)}
        />
        {query.trim() !== "" && !like && <Suggestions typed={wanted?.query ?? ""} take={take} />}
        {like ? (
          <About like={like} end={() => lookLike(null)} />
        ) : (
          <FilterFields filters={filters} onChange={setFilters} />
        )}
      </header>
      <Busy busy={loading} />
      {value && !value.complete && <Partial>{texts.search.partial}</Partial>}
      {error !== undefined && <Failed message={error} />}
      {error === undefined && !answered && (like || wanted) && value && !loading && (
        <Empty>{none}</Empty>
      )}
      {!like && !wanted && (
        <>
          <Empty>{texts.search.hint}</Empty>
          <Recent take={take} />
        </>
      )}
      {answered && (
        <Found
          // Chosen and folded is anew what is typed, not what is answered: keys pressed since count.
          key={JSON.stringify([query, filters, like])}
          answer={value}
          query={like ? "" : query}
          keys={onKeyDown}
          onLike={lookLike}
        />
      )}
    </div>
  );
}

function about(like: Like): Commands["codearch.similar"]["argument"] {
  const { name: _, ...rest } = like;
  return { ...rest, limit: MOST };
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

interface FoundProps {
  answer: Answer;
  query: string;
  /** The keys of the field above act on the results as well. */
  keys: { current: (event: KeyboardEvent) => void };
  onLike(like: Like): void;
}

function Found({ answer, query, keys, onLike }: FoundProps): JSX.Element {
  const { client, roots } = useShared();
  const [order, setOrder] = useKept<Order>("search.order", "file");
  const folds = useFolds();
  const best = order === "file" ? 1 : 0;
  const [chosen, setChosen] = useState(best);
  const shown = useMemo(
    () =>
      order === "file"
        ? lines(answer.results, (hit) => relative(hit.uri, roots), folds.folded)
        : answer.results.map((item, at) => ({ group: "", count: 0, at, of: 0, item })),
    [answer, order, roots, folds.folded],
  );
  const at = Math.min(chosen, shown.length - 1);
  const line = shown[at] as Line<HitForm>;
  const hit = line.item ?? answer.results.find((each) => relative(each.uri, roots) === line.group);

  const remember = () => query && client.tell({ type: "remember", query });
  const open = (item: HitForm, beside: boolean) => {
    remember();
    client.tell({ type: "open", uri: item.uri, range: item.range, beside });
  };
  const act = (one: Line<HitForm>, beside: boolean) =>
    one.item ? open(one.item, beside) : folds.fold(one.group);
  keys.current = (event) => {
    const inText = event.key === "Home" || event.key === "End";
    const to = inText ? undefined : moved(event.key, at, shown.length);
    if (to !== undefined) setChosen(to);
    else if (event.key === "Enter") act(line, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };
  return (
    <div class="split">
      <section class="results" aria-label={texts.search.results}>
        <div class="bar count">
          <p role="status">{texts.search.count(answer.results.length, answer.tookMs)}</p>
          {order === "file" && (
            <button
              type="button"
              class="quiet small"
              onClick={() => {
                const all = new Set(shown.map((each) => each.group));
                folds.set(folds.folded.size === all.size ? new Set() : all);
              }}
            >
              {folds.folded.size > 0 && shown.every((each) => !each.item)
                ? texts.unfold
                : texts.fold}
            </button>
          )}
          <button
            type="button"
            class="quiet small"
            aria-pressed={order === "file"}
            onClick={() => {
              setOrder(order === "file" ? "rank" : "file");
              setChosen(order === "file" ? 0 : 1);
            }}
          >
            {texts.search.byFile}
          </button>
        </div>
        <Results
          shown={shown}
          order={order}
          folds={folds}
          chosen={at}
          onChoose={setChosen}
          onOpen={act}
        />
      </section>
      {hit && (
        <Detail
          hit={hit}
          onOpen={open}
          onLike={(like) => {
            remember();
            onLike(like);
          }}
          onExplain={({ uri, range }) => {
            remember();
            client.tell({
              type: "show",
              opening: { panel: "explain", uri, position: range.start },
            });
          }}
        />
      )}
    </div>
  );
}
