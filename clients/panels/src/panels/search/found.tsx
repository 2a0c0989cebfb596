/** What a search gave: results below their files or by rank, and the code of the chosen one. */

import type { Commands, HitForm, Like } from "@codearch/protocol";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useKept, useShared } from "../../hooks.ts";
import { type Line, lines, useFolds } from "../../parts/groups.tsx";
import { moved } from "../../parts/list.tsx";
import { relative } from "../../parts/places.ts";
import { texts } from "../../texts.ts";
import { Detail } from "./detail.tsx";
import { type Order, Results } from "./results.tsx";

interface Props {
  answer: Commands["codearch.search"]["result"];
  query: string;
  /** The keys of the field above act on the results as well. */
  keys: { current: (event: KeyboardEvent) => void };
  onLike(like: Like): void;
}

export function Found({ answer, query, keys, onLike }: Props): JSX.Element {
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
