/** Findings: a list of any length beside a dashboard, both of the same filters. */

import type { Commands, DebtItem, LeftOut, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { useAnswer, useKept, useShared } from "../hooks.ts";
import { Select, Text } from "../parts/fields.tsx";
import { countSet, Filters as Foldable } from "../parts/filters.tsx";
import { Head, type Line, lines, useFolds } from "../parts/groups.tsx";
import { List } from "../parts/list.tsx";
import { relative } from "../parts/places.ts";
import { Busy, Empty, Failed, Partial as Part } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { Dashboard } from "./debt/dashboard.tsx";
import { cellOf, type Grouping, groupOf } from "./debt/grouping.ts";
import { Verdict } from "./debt/verdict.tsx";

type Query = Commands["codearch.debt.list"]["argument"];
type Standing = NonNullable<Query["status"]> | "";
type Category = NonNullable<Query["category"]>;

const MOST = 10_000;
const ROW_PIXELS = 28;

/** What is left out of sight; `cell` is one of the matrix. */
export interface Filters {
  category: Category | "";
  status: Standing;
  path: string;
  cell: string;
  rule: string;
  newOnly: boolean;
}

const NO_FILTERS: Filters = {
  category: "",
  status: "",
  path: "",
  cell: "",
  rule: "",
  newOnly: false,
};

export function DebtPanel(_: { opening: Opening }): JSX.Element {
  const [kept, setFilters] = useKept<Partial<Filters>>("debt.filters", NO_FILTERS);
  const filters = useMemo(() => ({ ...NO_FILTERS, ...kept }), [kept]);
  const [view, setView] = useKept<"list" | "dashboard">("debt.view", "list");
  const [again, setAgain] = useState(0);
  const { value, error, loading } = useAnswer("codearch.debt.list", query(filters), again);
  const items = useMemo(
    () => value?.items.filter((item) => !filters.cell || cellOf(item) === filters.cell) ?? [],
    [value, filters.cell],
  );
  const show = (narrowed: Partial<Filters>) => {
    setFilters({ ...filters, ...narrowed });
    setView("list");
  };
  return (
    <div class="debt">
      <header>
        <div class="fields">
          <Views view={view} onChange={setView} />
          <Toggles filters={filters} onChange={setFilters} />
        </div>
        <FilterFields filters={filters} onChange={setFilters} />
        {value && (
          <p class="dim none" role="status">
            {texts.debt.total(
              filters.cell ? items.length : value.total,
              items.reduce((sum, item) => sum + item.effortHours, 0),
            )}
            {value.leftOut && `. ${leftOut(value.leftOut)}`}
          </p>
        )}
      </header>
      <Busy busy={loading} />
      {error !== undefined && <Failed message={error} />}
      {value && value.total > value.items.length && (
        <Part>{texts.debt.shown(value.items.length, value.total)}</Part>
      )}
      {value && view === "dashboard" && <Dashboard items={items} show={show} />}
      {value && view === "list" && items.length === 0 && <Empty>{texts.debt.none}</Empty>}
      {view === "list" && items.length > 0 && (
        <Findings items={items} show={show} changed={() => setAgain(again + 1)} />
      )}
    </div>
  );
}

function leftOut({ oldCode, ceiling, lists, why }: LeftOut): string {
  const { debt } = texts;
  return why ? debt.allNew(why) : `${debt.leftOut(oldCode, ceiling, lists)}.`;
}

function query({ category, status, path, rule, newOnly }: Filters): Query {
  return {
    limit: MOST,
    newOnly,
    ...(rule && { rule }),
    ...(category && { category }),
    ...(status && { status }),
    ...(path.trim() && { path: path.trim() }),
  };
}

interface ViewsProps {
  view: "list" | "dashboard";
  onChange(view: "list" | "dashboard"): void;
}

function Views({ view, onChange }: ViewsProps): JSX.Element {
  return (
    <>
      {(["list", "dashboard"] as const).map((each) => (
        <button
          key={each}
          type="button"
          class="quiet"
          aria-pressed={each === view}
          onClick={() => onChange(each)}
        >
          {texts.debt[each]}
        </button>
      ))}
    </>
  );
}

const CATEGORIES: Category[] = [
  "bug-risk",
  "complexity",
  "dead-code",
  "dependencies",
  "documentation",
  "duplication",
  "licence",
  "secrets",
  "security",
  "size",
  "tests",
];

interface FilterProps {
  filters: Filters;
  onChange(filters: Filters): void;
}

function Toggles({ filters, onChange }: FilterProps): JSX.Element {
  return (
    <>
      <button
        type="button"
        class="quiet"
        aria-pressed={filters.newOnly}
        onClick={() => onChange({ ...filters, newOnly: !filters.newOnly })}
      >
        {texts.debt.newOnly}
      </button>
      {filters.rule && (
        <button type="button" class="quiet" onClick={() => onChange({ ...filters, rule: "" })}>
          {texts.debt.anyRule(filters.rule)}
        </button>
      )}
      {filters.cell && (
        <button type="button" class="quiet" onClick={() => onChange({ ...filters, cell: "" })}>
          {texts.debt.clear}
        </button>
      )}
    </>
  );
}

function fields({ category, status, path }: Filters): Partial<Filters> {
  return { category, status, path };
}

function FilterFields({ filters, onChange }: FilterProps): JSX.Element {
  return (
    <Foldable name="debt.filters.open" set={countSet(fields(filters), fields(NO_FILTERS))}>
      <Select<Category | "">
        label={texts.debt.category}
        value={filters.category}
        options={[["", texts.debt.all], ...CATEGORIES.map((each) => [each, each] as const)]}
        onChange={(category) => onChange({ ...filters, category })}
      />
      <Select<Standing>
        label={texts.debt.status}
        value={filters.status}
        options={[
          ["", texts.debt.standing],
          ...(Object.entries(texts.debt.statuses) as [Standing, string][]),
        ]}
        onChange={(status) => onChange({ ...filters, status })}
      />
      <Text
        label={texts.debt.path}
        value={filters.path}
        placeholder={texts.search.pathPlaceholder}
        onInput={(path) => onChange({ ...filters, path })}
      />
    </Foldable>
  );
}

interface FindingsProps {
  items: readonly DebtItem[];
  show(narrowed: Partial<Filters>): void;
  changed(): void;
}

function Findings({ items, show, changed }: FindingsProps): JSX.Element {
  const { client, roots } = useShared();
  const [by, setBy] = useKept<Grouping>("debt.by", "priority");
  const folds = useFolds();
  const [chosen, setChosen] = useState(1); // the first below the first head
  const named = useCallback(
    (item: DebtItem) => groupOf(item, by, (uri) => relative(uri, roots)),
    [by, roots],
  );
  const shown = useMemo(() => lines(items, named, folds.folded), [items, named, folds.folded]);
  const at = Math.min(chosen, shown.length - 1);
  const line = shown[at];
  const item = line?.item ?? items.find((each) => named(each) === line?.group);
  const act = (one: Line<DebtItem>, beside: boolean) => {
    const { item } = one;
    if (item) client.tell({ type: "open", uri: item.uri, range: item.range, beside });
    else folds.fold(one.group);
  };
  return (
    <div class="split">
      <section class="results" aria-label={texts.debt.list}>
        <div class="bar count">
          <Select<Grouping>
            label={texts.debt.group}
            value={by}
            options={Object.entries(texts.debt.groups) as [Grouping, string][]}
            onChange={setBy}
          />
        </div>
        <List<Line<DebtItem>>
          label={texts.debt.list}
          items={shown}
          height={ROW_PIXELS}
          chosen={at}
          onChoose={setChosen}
          onOpen={act}
          onKey={folds.onKey}
          branch={folds.branch}
        >
          {(one) =>
            one.item ? (
              <Row item={one.item} />
            ) : (
              <Head line={one} folded={folds.folded.has(one.group)} name={one.group} />
            )
          }
        </List>
      </section>
      {item && <Verdict key={item.id} item={item} show={show} changed={changed} />}
    </div>
  );
}

function Row({ item }: { item: DebtItem }): JSX.Element {
  const { roots } = useShared();
  return (
    <span class="line below">
      <span class={`severity s${item.severity}`} aria-hidden="true" />
      {item.message}{" "}
      <span class="dim">
        {relative(item.uri, roots)}:{item.range.start.line + 1}
      </span>
    </span>
  );
}
