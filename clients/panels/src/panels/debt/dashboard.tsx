/** How debt went, where mending pays, and where the hours are; each part leads to the list. */

import type { DebtItem, TrendPoint } from "@codearch/protocol";
import type { JSX } from "preact";
import { useAnswer } from "../../hooks.ts";
import { Busy, Empty, Failed } from "../../parts/states.tsx";
import { texts } from "../../texts.ts";
import type { Filters } from "../debt.tsx";
import { cellOf, hoursByCategory } from "./grouping.ts";

interface Props {
  items: readonly DebtItem[];
  show(narrowed: Partial<Filters>): void;
}

export function Dashboard({ items, show }: Props): JSX.Element {
  return (
    <div class="page">
      <Trend />
      <div class="columns">
        <Matrix items={items} show={show} />
        <Hours items={items} show={show} />
      </div>
    </div>
  );
}

function Trend(): JSX.Element {
  const { value, error, loading } = useAnswer("codearch.debt.trends", {});
  return (
    <section>
      <h2>{texts.debt.trend}</h2>
      <Busy busy={loading} />
      {error !== undefined && <Failed message={error} />}
      {value && value.points.length < 2 && <Empty>{texts.debt.noTrend}</Empty>}
      {value && value.points.length > 1 && <Chart points={value.points} />}
      {value?.notes.map((note) => (
        <p key={note} class="dim">
          {note}
        </p>
      ))}
    </section>
  );
}

const WIDE = 720;
const HIGH = 160;

function Chart({ points }: { points: readonly TrendPoint[] }): JSX.Element {
  const most = Math.max(1, ...points.map((point) => point.open));
  const x = (index: number) => 4 + (index / (points.length - 1)) * (WIDE - 8);
  const y = (open: number) => HIGH - 4 - (open / most) * (HIGH - 12);
  const line = points.map((point, index) => `${x(index)},${y(point.open)}`).join(" ");
  const first = points[0] as TrendPoint;
  const last = points[points.length - 1] as TrendPoint;
  const told = [first, last].map((each) =>
    texts.debt.point(each.date.slice(0, 10), each.open, each.effortHours),
  );
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={told.join("; ")}>
        <polygon class="area" points={`${x(0)},${HIGH} ${line} ${x(points.length - 1)},${HIGH}`} />
        <polyline points={line} />
        {points.map((point, index) => (
          <circle key={`${point.commit} ${index}`} cx={x(index)} cy={y(point.open)} r="3">
            <title>
              {texts.debt.point(point.date.slice(0, 10), point.open, point.effortHours)}
            </title>
          </circle>
        ))}
      </svg>
      <figcaption class="dim">
        <span>{told[0]}</span>
        <span>{told[1]}</span>
      </figcaption>
      <Points points={points} />
    </figure>
  );
}

/** The same as numbers, for whoever does not see the chart. */
function Points({ points }: { points: readonly TrendPoint[] }): JSX.Element {
  const { debt, number } = texts;
  const heads = [debt.when, debt.openThen, debt.came, debt.went, debt.hoursThen];
  return (
    <details>
      <summary>{debt.points}</summary>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point, index) => (
            <tr key={`${point.commit} ${index}`}>
              <th scope="row">{point.date.slice(0, 10)}</th>
              <td>{number(point.open)}</td>
              <td>{number(point.added)}</td>
              <td>{number(point.resolved)}</td>
              <td>{number(Math.round(point.effortHours))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Matrix({ items, show }: Props): JSX.Element {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(cellOf(item), (counts.get(cellOf(item)) ?? 0) + 1);
  return (
    <section>
      <h2>{texts.debt.matrix}</h2>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{texts.debt.impact}</th>
            {texts.debt.efforts.map((effort) => (
              <th key={effort} scope="col">
                {effort}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {texts.debt.impacts.map((impact, row) => (
            <tr key={impact}>
              <th scope="row">{impact}</th>
              {texts.debt.efforts.map((effort, column) => {
                const cell = `${row} ${column}`;
                const count = counts.get(cell) ?? 0;
                return (
                  <td key={cell}>
                    <button
                      type="button"
                      class="quiet"
                      disabled={count === 0}
                      aria-label={texts.debt.cell(count, impact, effort)}
                      onClick={() => show({ cell })}
                    >
                      {texts.number(count)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Hours({ items, show }: Props): JSX.Element {
  const hours = hoursByCategory(items);
  const most = hours[0]?.[1] ?? 1;
  return (
    <section>
      <h2>{texts.debt.byCategory}</h2>
      <ul class="plain bars">
        {hours.map(([category, value]) => (
          <li key={category}>
            <button
              type="button"
              class="link"
              onClick={() => show({ category: category as Filters["category"] })}
            >
              {category}
            </button>
            <span class="track">
              <span style={{ width: `${(100 * value) / most}%` }} />
            </span>
            <span>{texts.hours(value)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
