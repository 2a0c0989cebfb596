/** Search by meaning: results while you type, and the code of the chosen one. */

import type { Commands, HitForm, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer, useKept, useRested, useShared } from "../hooks.ts";
import { Code } from "../parts/code.tsx";
import { Select, Text } from "../parts/fields.tsx";
import { List, moved } from "../parts/list.tsx";
import { parted, relative } from "../parts/places.ts";
import { Busy, Empty, Failed, Partial } from "../parts/states.tsx";
import { texts } from "../texts.ts";

type Query = Commands["codearch.search"]["argument"];
type Kind = NonNullable<Query["kind"]>;
type Mode = NonNullable<Query["mode"]>;

const RESTED_MILLISECONDS = 120;
const ROW_PIXELS = 46;
const MOST = 50;
const LANGUAGES = [
  "c",
  "cpp",
  "csharp",
  "go",
  "java",
  "javascript",
  "python",
  "rust",
  "typescript",
];
const KINDS: Kind[] = ["class", "enum", "function", "interface", "method", "section", "struct"];

interface Filters {
  language: string;
  kind: Kind | "";
  mode: Mode;
  path: string;
}

export function SearchPanel({ opening }: { opening: Opening }): JSX.Element {
  const [kept, setQuery] = useKept("search.query", "");
  const [filters, setFilters] = useKept<Filters>("search.filters", {
    language: "",
    kind: "",
    mode: "hybrid",
    path: "",
  });
  const [chosen, setChosen] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const { client } = useShared();
  const query = kept;
  useEffect(() => {
    if (opening.query !== undefined) setQuery(opening.query);
    // Whoever types already would lose what is selected by the next key.
    else if (document.activeElement === field.current) return;
    field.current?.select();
  }, [opening, setQuery]);
  const asked = useRested(JSON.stringify(argument(query, filters)), RESTED_MILLISECONDS);
  const wanted = useMemo(() => (asked ? (JSON.parse(asked) as Query) : undefined), [asked]);
  const { value, error, loading } = useAnswer("codearch.search", wanted);
  const hits = wanted === undefined ? [] : (value?.results ?? []);
  const hit = hits[Math.min(chosen, hits.length - 1)];
  // When something is typed and not when it is answered: keys that were pressed since then count.
  useEffect(() => setChosen(0), [query, filters]);

  const open = (item: HitForm, beside: boolean) =>
    client.tell({ type: "open", uri: item.uri, range: item.range, beside });
  const onKeyDown = (event: KeyboardEvent) => {
    const to =
      event.key === "Home" || event.key === "End"
        ? undefined
        : moved(event.key, chosen, hits.length);
    if (to !== undefined && hits.length > 0) setChosen(to);
    else if (event.key === "Enter" && hit) open(hit, event.ctrlKey);
    else return;
    event.preventDefault();
  };

  return (
    <div class="search">
      <header>
        <input
          ref={field}
          class="query"
          type="search"
          aria-label={texts.search.label}
          placeholder={texts.search.placeholder}
          value={query}
          spellcheck={false}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <FilterFields filters={filters} onChange={setFilters} />
      </header>
      <Busy busy={loading} />
      {value && !value.complete && <Partial>{texts.search.partial}</Partial>}
      {error !== undefined && <Failed message={error} />}
      {error === undefined && hits.length === 0 && (
        <Empty>
          {wanted === undefined
            ? texts.search.hint
            : value && !loading
              ? texts.search.none(query)
              : ""}
        </Empty>
      )}
      {hits.length > 0 && value && (
        <div class="split">
          <section class="results" aria-label={texts.search.results}>
            <p class="count" role="status">
              {texts.search.count(hits.length, value.tookMs)}
            </p>
            <List
              label={texts.search.results}
              items={hits}
              height={ROW_PIXELS}
              chosen={Math.min(chosen, hits.length - 1)}
              onChoose={setChosen}
              onOpen={open}
            >
              {(item) => <Row hit={item} />}
            </List>
          </section>
          {hit && <Detail hit={hit} onOpen={open} />}
        </div>
      )}
    </div>
  );
}

function argument(query: string, filters: Filters): Query | undefined {
  if (query.trim() === "") return undefined;
  return {
    query,
    limit: MOST,
    mode: filters.mode,
    ...(filters.language && { language: filters.language }),
    ...(filters.kind && { kind: filters.kind }),
    ...(filters.path.trim() && { path: filters.path.trim() }),
  };
}

interface FilterProps {
  filters: Filters;
  onChange(filters: Filters): void;
}

function FilterFields({ filters, onChange }: FilterProps): JSX.Element {
  const { any, modes } = texts.search;
  return (
    <div class="fields" role="group" aria-label={texts.search.filters}>
      <Select
        label={texts.search.language}
        value={filters.language}
        options={[["", any], ...LANGUAGES.map((each) => [each, each] as const)]}
        onChange={(language) => onChange({ ...filters, language })}
      />
      <Select<Kind | "">
        label={texts.search.kind}
        value={filters.kind}
        options={[["", any], ...KINDS.map((each) => [each, each] as const)]}
        onChange={(kind) => onChange({ ...filters, kind })}
      />
      <Select<Mode>
        label={texts.search.mode}
        value={filters.mode}
        options={Object.entries(modes) as [Mode, string][]}
        onChange={(mode) => onChange({ ...filters, mode })}
      />
      <Text
        label={texts.search.path}
        value={filters.path}
        placeholder={texts.search.pathPlaceholder}
        onInput={(path) => onChange({ ...filters, path })}
      />
    </div>
  );
}

function Row({ hit }: { hit: HitForm }): JSX.Element {
  const { roots } = useShared();
  const { folder, file } = parted(relative(hit.uri, roots));
  return (
    <>
      <span class="line">
        <span class="kind">{hit.kind}</span>
        <span class="name">{hit.symbol || file}</span>
        <span class="dim">{hit.container}</span>
      </span>
      <span class="line where">
        <span class="dim">{folder}</span>
        {file}
        <span class="dim">:{hit.range.start.line + 1}</span>
      </span>
    </>
  );
}

interface DetailProps {
  hit: HitForm;
  onOpen(hit: HitForm, beside: boolean): void;
}

function Detail({ hit, onOpen }: DetailProps): JSX.Element {
  const { client, roots } = useShared();
  const explain = () =>
    client.tell({
      type: "show",
      opening: { panel: "explain", uri: hit.uri, position: hit.range.start },
    });
  return (
    <section class="detail" aria-label={hit.symbol || relative(hit.uri, roots)}>
      <div class="bar">
        <h2>{hit.symbol || parted(relative(hit.uri, roots)).file}</h2>
        <button type="button" onClick={() => onOpen(hit, false)}>
          {texts.open}
        </button>
        <button type="button" class="quiet" onClick={explain}>
          {texts.search.explain}
        </button>
      </div>
      <ul class="chips" aria-label={texts.search.why}>
        {hit.why.map((why) => (
          <li key={why.signal}>
            <b>{why.signal}</b> {why.detail}
          </li>
        ))}
      </ul>
      <div class="scrolls" tabIndex={0} role="region" aria-label={hit.symbol}>
        <Code
          text={hit.snippet}
          language={hit.language}
          line={hit.snippetLine}
          marks={hit.highlights}
        />
      </div>
    </section>
  );
}
