/** Findings: a list of any length beside a dashboard, both of the same filters. */

import type { Commands, DebtItem, Opening } from "@codearch/protocol";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useAnswer, useKept, useShared } from "../hooks.ts";
import { Select, Text } from "../parts/fields.tsx";
import { List } from "../parts/list.tsx";
import { relative } from "../parts/places.ts";
import { Busy, Empty, Failed, Partial as Part } from "../parts/states.tsx";
import { texts } from "../texts.ts";
import { Dashboard } from "./debt/dashboard.tsx";
import { cellOf, type Grouping, type Line, lines } from "./debt/grouping.ts";
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
}

const NO_FILTERS: Filters = { category: "", status: "", path: "", cell: "" };

export function DebtPanel(_: { opening: Opening }): JSX.Element {
  const [filters, setFilters] = useKept<Filters>("debt.filters", NO_FILTERS);
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
          <FilterFields filters={filters} onChange={setFilters} />
        </div>
        {value && (
          <p class="dim none" role="status">
            {texts.debt.total(
              filters.cell ? items.length : value.total,
              items.reduce((sum, item) => sum + item.effortHours, 0),
            )}
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
        <Findings items={items} changed={() => setAgain(again + 1)} />
      )}
    </div>
  );
}

function query({ category, status, path }: Filters): Query {
  return {
    limit: MOST,
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

function FilterFields({ filters, onChange }: FilterProps): JSX.Element {
  return (
    <>
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
      {filters.cell && (
        <button type="button" class="quiet" onClick={() => onChange({ ...filters, cell: "" })}>
          {texts.debt.clear}
        </button>
      )}
    </>
  );
}

interface FindingsProps {
  items: readonly DebtItem[];
  changed(): void;
}

function Findings({ items, changed }: FindingsProps): JSX.Element {
  const { client, roots } = useShared();
  const [by, setBy] = useKept<Grouping>("debt.by", "priority");
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState(0);
  const shown = useMemo(
    () => lines(items, by, folded, (uri) => relative(uri, roots)),
    [items, by, folded, roots],
  );
  const at = Math.min(chosen, shown.length - 1);
  const line = shown[at];
  const act = (one: Line, beside: boolean) => {
    if (one.item) {
      client.tell({ type: "open", uri: one.item.uri, range: one.item.range, beside });
      return;
    }
    const next = new Set(folded);
    if (!next.delete(one.group)) next.add(one.group);
    setFolded(next);
  };
  const fold = (event: KeyboardEvent, one: Line) => {
    const folds = event.key === "ArrowLeft";
    if (one.item || (!folds && event.key !== "ArrowRight")) return;
    if (folded.has(one.group) !== folds) act(one, false);
    event.preventDefault();
  };
  return (
    <div class="split">
      <section class="results" aria-label={texts.debt.list}>
        <p class="count">
          <Select<Grouping>
            label={texts.debt.group}
            value={by}
            options={Object.entries(texts.debt.groups) as [Grouping, string][]}
            onChange={setBy}
          />
        </p>
        <List
          label={texts.debt.list}
          items={shown}
          height={ROW_PIXELS}
          chosen={at}
          onChoose={setChosen}
          onOpen={act}
          onKey={fold}
        >
          {(one) => <Row line={one} folded={folded.has(one.group)} />}
        </List>
      </section>
      {line?.item && <Verdict key={line.item.id} item={line.item} changed={changed} />}
    </div>
  );
}

function Row({ line, folded }: { line: Line; folded: boolean }): JSX.Element {
  const { roots } = useShared();
  const { item } = line;
  if (!item) {
    return (
      <span class="line">
        <span aria-hidden="true">{folded ? "▸ " : "▾ "}</span>
        <span class="name">{line.group}</span>
        <span class="dim">{texts.number(line.count)}</span>
      </span>
    );
  }
  return (
    <span class="line finding">
      <span class={`severity s${item.severity}`} aria-hidden="true" />
      {item.message}{" "}
      <span class="dim">
        {relative(item.uri, roots)}:{item.range.start.line + 1}
      </span>
    </span>
  );
}
