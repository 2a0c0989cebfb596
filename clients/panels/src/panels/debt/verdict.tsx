/** One finding, and what somebody says of it. */

import type { Commands, DebtItem } from "@codearch/protocol";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useShared } from "../../hooks.ts";
import { Select } from "../../parts/fields.tsx";
import { place, relative } from "../../parts/places.ts";
import { Failed } from "../../parts/states.tsx";
import { texts } from "../../texts.ts";

type Status = Commands["codearch.debt.resolve"]["argument"]["status"];

interface Props {
  item: DebtItem;
  changed(): void;
}

export function Verdict({ item, changed }: Props): JSX.Element {
  const { client, roots } = useShared();
  return (
    <section class="detail scrolls" aria-label={item.rule}>
      <div class="bar">
        <h2>{item.rule}</h2>
        <button
          type="button"
          onClick={() =>
            client.tell({ type: "open", uri: item.uri, range: item.range, beside: false })
          }
        >
          {texts.open}
        </button>
      </div>
      <p class="docs">{item.message}</p>
      {item.evidence && <p class="docs dim">{item.evidence}</p>}
      <ul class="chips">
        <li>{item.category}</li>
        <li>
          <b>{texts.debt.impact}</b> {texts.number(item.impact)}
        </li>
        <li>
          <b>{texts.debt.effort}</b> {texts.hours(item.effortHours)}
        </li>
        <li>
          <b>{texts.debt.groups.priority}</b> {texts.number(Math.round(item.priority))}
        </li>
      </ul>
      <p class="dim none">
        {relative(item.uri, roots)}:{item.range.start.line + 1} {item.symbol}
      </p>
      {item.related.length > 0 && (
        <ul class="plain">
          {item.related.map((each) => (
            <li key={place(each.uri, each.range)}>
              {each.message}{" "}
              <button
                type="button"
                class="link"
                onClick={() =>
                  client.tell({ type: "open", uri: each.uri, range: each.range, beside: true })
                }
              >
                {relative(each.uri, roots)}:{each.range.start.line + 1}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Say item={item} changed={changed} />
    </section>
  );
}

function Say({ item, changed }: Props): JSX.Element {
  const { client } = useShared();
  const id = useId();
  const [status, setStatus] = useState(item.status as Status);
  const [note, setNote] = useState(item.note);
  const [failed, setFailed] = useState<string>();
  const apply = (event: Event) => {
    event.preventDefault();
    client
      .ask("codearch.debt.resolve", { id: item.id, status, note })
      .then(changed, (error: Error) => setFailed(error.message));
  };
  return (
    <form class="verdict" onSubmit={apply}>
      <Select<Status>
        label={texts.debt.status}
        value={status}
        options={Object.entries(texts.debt.statuses) as [Status, string][]}
        onChange={setStatus}
      />
      <label for={id}>{texts.debt.note}</label>
      <textarea
        id={id}
        rows={3}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <button type="submit">{texts.debt.apply}</button>
      {failed !== undefined && <Failed message={failed} />}
    </form>
  );
}
