/** One finding, and what somebody says of it. */

import type { Commands, DebtItem } from "@codearch/protocol";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useShared } from "../../hooks.ts";
import { Select } from "../../parts/fields.tsx";
import { Place } from "../../parts/place.tsx";
import { place } from "../../parts/places.ts";
import { Failed } from "../../parts/states.tsx";
import { texts } from "../../texts.ts";
import type { Filters } from "../debt.tsx";
import { Fix } from "./fix.tsx";

type Status = Commands["codearch.debt.resolve"]["argument"]["status"];

interface SayProps {
  item: DebtItem;
  changed(): void;
}

interface Props extends SayProps {
  show(narrowed: Partial<Filters>): void;
}

export function Verdict({ item, show, changed }: Props): JSX.Element {
  const { client } = useShared();
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
        <button type="button" class="quiet" onClick={() => show({ rule: item.rule })}>
          {texts.debt.ruleOnly}
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
        <Place uri={item.uri} range={item.range} /> {item.symbol}
      </p>
      {item.related.length > 0 && (
        <ul class="plain">
          {item.related.map((each) => (
            <li key={place(each.uri, each.range)}>
              {each.message} <Place uri={each.uri} range={each.range} beside />
            </li>
          ))}
        </ul>
      )}
      {item.fix && <Fix id={item.id} title={item.fix.title} />}
      <Say item={item} changed={changed} />
    </section>
  );
}

function Say({ item, changed }: SayProps): JSX.Element {
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
