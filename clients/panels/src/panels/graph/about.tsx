/** What the chosen node is, what it is linked with, and what can be done with it. */

import type { ComponentChildren, JSX } from "preact";
import { useShared } from "../../hooks.ts";
import { relative } from "../../parts/places.ts";
import { texts } from "../../texts.ts";
import { neighbours, type Shown } from "./shown.ts";
import { isFolder, type Link, named, type Tree, type Unit } from "./tree.ts";

interface Props {
  unit: Unit;
  tree: Tree;
  shown: Shown;
  open: boolean;
  expands: boolean;
  around: number;
  choose(id: string): void;
  toggle(): void;
  setAround(steps: number): void;
}

const MOST = 50;

export function About({ unit, tree, shown, open, expands, around, ...on }: Props): JSX.Element {
  const { client, roots } = useShared();
  const { into, from } = neighbours(shown, unit.id);
  const symbol = !isFolder(unit) && unit.kind !== "file";
  return (
    <section class="detail about scrolls" aria-label={texts.graph.about}>
      <h2>{isFolder(unit) ? unit.id : unit.label}</h2>
      <p class="dim">
        {unit.kind}
        {unit.uri && ` · ${relative(unit.uri, roots)}:${unit.range.start.line + 1}`}
      </p>
      <p>{texts.graph.measures(unit)}</p>
      <div class="fields">
        {expands && (
          <button type="button" class="quiet" onClick={on.toggle}>
            {open ? texts.graph.collapse : texts.graph.expand}
          </button>
        )}
        {unit.uri && (
          <button
            type="button"
            class="quiet"
            onClick={(event) =>
              client.tell({
                type: "open",
                uri: unit.uri,
                range: unit.range,
                beside: event.ctrlKey,
              })
            }
          >
            {texts.open}
          </button>
        )}
        {symbol && (
          <button
            type="button"
            class="quiet"
            onClick={() =>
              client.tell({ type: "show", opening: { panel: "explain", symbol: unit.id } })
            }
          >
            {texts.search.explain}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-pressed={around > 0}
          onClick={() => on.setAround(around > 0 ? 0 : 1)}
        >
          {texts.graph.around}
        </button>
      </div>
      <Ends title={texts.graph.from} links={from} end="target" tree={tree} choose={on.choose} />
      <Ends title={texts.graph.into} links={into} end="source" tree={tree} choose={on.choose} />
    </section>
  );
}

interface EndsProps {
  title: string;
  links: readonly Link[];
  end: "source" | "target";
  tree: Tree;
  choose(id: string): void;
}

function Ends({ title, links, end, tree, choose }: EndsProps): ComponentChildren {
  if (links.length === 0) return null;
  return (
    <>
      <h3>
        {title} <span class="dim">{texts.number(links.length)}</span>
      </h3>
      <ul class="plain">
        {links.slice(0, MOST).map((link) => (
          <li key={link[end]}>
            <button type="button" class="link" onClick={() => choose(link[end])}>
              {named(tree, link[end])}
            </button>{" "}
            <span class="dim">
              {texts.explain.times(link.count)} {link.cut && texts.graph.cut}
            </span>
          </li>
        ))}
      </ul>
      {links.length > MOST && <p class="dim">{texts.graph.more(links.length - MOST)}</p>}
    </>
  );
}
