/** What narrows a search down. */

import type { Commands } from "@codearch/protocol";
import type { JSX } from "preact";
import { Select, Text } from "../../parts/fields.tsx";
import { countSet, Filters as Foldable } from "../../parts/filters.tsx";
import { texts } from "../../texts.ts";

export type Query = Commands["codearch.search"]["argument"];
type Kind = NonNullable<Query["kind"]>;
type Mode = NonNullable<Query["mode"]>;

export interface Filters {
  language: string;
  kind: Kind | "";
  mode: Mode;
  path: string;
}

export const NO_FILTERS: Filters = { language: "", kind: "", mode: "hybrid", path: "" };
export const MOST = 50;

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

/** What the server is asked for; nothing for an empty query. */
export function argument(query: string, filters: Filters): Query | undefined {
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

interface Props {
  filters: Filters;
  onChange(filters: Filters): void;
}

export function FilterFields({ filters, onChange }: Props): JSX.Element {
  const { any, modes } = texts.search;
  return (
    <Foldable name="search.filters.open" set={countSet(filters, NO_FILTERS)}>
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
    </Foldable>
  );
}
