/** What is known of one symbol: who calls it, what it calls, tests, people, history, findings. */

import type { Commands, Explanation, Neighbour, Opening, SymbolForm } from "@codearch/protocol";
import { type ComponentChildren, type JSX, toChildArray } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useAnswer, useKept, useShared } from "../hooks.ts";
import { Code } from "../parts/code.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { Place } from "../parts/place.tsx";
import { Query as Field } from "../parts/query.tsx";
import { Busy, Empty, Failed } from "../parts/states.tsx";
import { texts } from "../texts.ts";

type Query = Commands["codearch.explain"]["argument"];

export function ExplainPanel({ opening }: { opening: Opening }): JSX.Element {
  const [wanted, setWanted] = useKept<Query | null>("explain.wanted", null);
  const [typed, setTyped] = useState(wanted?.symbol ?? "");
  useEffect(() => {
    if (opening.symbol) setWanted({ symbol: opening.symbol });
    else if (opening.uri && opening.position) {
      setWanted({ uri: opening.uri, position: opening.position });
    }
  }, [opening, setWanted]);
  const { value, error, loading } = useAnswer("codearch.explain", wanted ?? undefined);
  return (
    <div class="explain">
      <header>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim()) setWanted({ symbol: typed.trim() });
          }}
        >
          <Field
            label={texts.explain.label}
            placeholder={texts.explain.placeholder}
            value={typed}
            onInput={setTyped}
          />
        </form>
      </header>
      <Busy busy={loading} />
      {error !== undefined && <Failed message={error} />}
      {wanted === null && <Empty>{texts.explain.hint}</Empty>}
      {value && <Explained of={value} choose={setWanted} />}
    </div>
  );
}

interface ExplainedProps {
  of: Explanation;
  choose(wanted: Query): void;
}

function Explained({ of, choose }: ExplainedProps): JSX.Element {
  const { symbol, complexity } = of;
  const { client } = useShared();
  const place = { uri: symbol.uri, position: symbol.selectionRange.start };
  const lookLike = () => {
    const like = { name: named(symbol), ...place };
    client.tell({ type: "show", opening: { panel: "search", like } });
  };
  const go = (to: SymbolForm) => choose({ uri: to.uri, position: to.selectionRange.start });
  return (
    <div class="page">
      <div class="bar">
        <h1>{named(symbol)}</h1>
        <InGraph symbol={symbol} />
        <Place uri={symbol.uri} range={symbol.selectionRange} />
        <button type="button" class="quiet" onClick={lookLike}>
          {texts.search.like}
        </button>
      </div>
      <Code text={of.signature} language={symbol.language} />
      {of.docs && (
        <section aria-label={texts.explain.docs}>
          <Markdown text={of.docs} language={symbol.language} />
        </section>
      )}
      {of.knowledge.length > 0 && (
        <section>
          <h2>{texts.explain.knowledge}</h2>
          {of.knowledge.map((said) => (
            <Markdown key={said} text={said} language="" />
          ))}
        </section>
      )}
      {complexity && (
        <p class="dim">
          {texts.explain.complexity(complexity.lines, complexity.cyclomatic, complexity.cognitive)}
        </p>
      )}
      <div class="columns">
        <Neighbours title={texts.explain.callers} of={of.callers} go={go} />
        <Neighbours title={texts.explain.callees} of={of.callees} go={go} />
        <Part title={texts.explain.tests} count={of.tests.length}>
          {of.tests.map((test) => (
            <li key={test.id}>
              <Name symbol={test} go={go} />
            </li>
          ))}
        </Part>
        <Part title={texts.explain.findings} count={of.debt.length}>
          {of.debt.map((item) => (
            <li key={item.id}>
              <b>{item.rule}</b> {item.message} <Place uri={item.uri} range={item.range} />
            </li>
          ))}
        </Part>
        <Part title={texts.explain.people} count={of.owners.length}>
          {of.owners.map((owner) => (
            <li key={owner.name}>
              {owner.name} <span class="dim">{texts.explain.share(owner.share)}</span>
            </li>
          ))}
        </Part>
        <History of={of} />
        {of.others.length > 0 && (
          <Part title={texts.explain.others} count={of.others.length}>
            {of.others.map((other) => (
              <li key={other.id}>
                <Name symbol={other} go={go} />
              </li>
            ))}
          </Part>
        )}
      </div>
    </div>
  );
}

function History({ of: { churn } }: { of: Explanation }): JSX.Element {
  const day = churn?.lastTime ? new Date(churn.lastTime * 1000).toISOString().slice(0, 10) : "";
  return (
    <Part title={texts.explain.history} count={churn ? 1 : 0}>
      {churn && (
        <>
          <li>{texts.explain.commits(churn.commits, churn.fileCommits)}</li>
          {churn.lastCommit && (
            <li>{texts.explain.last(churn.lastAuthor, day, churn.lastSubject)}</li>
          )}
          {churn.uncommitted > 0 && <li>{texts.explain.uncommitted(churn.uncommitted)}</li>}
        </>
      )}
    </Part>
  );
}

interface NeighboursProps {
  title: string;
  of: readonly Neighbour[];
  go(to: SymbolForm): void;
}

function Neighbours({ title, of, go }: NeighboursProps): JSX.Element {
  return (
    <Part title={title} count={of.length}>
      {of.map((each) => (
        <li key={`${each.symbol.id} ${each.uri}`}>
          <Name symbol={each.symbol} go={go} />{" "}
          <span class="dim">{texts.explain.times(each.count)}</span>{" "}
          <Place uri={each.uri} range={each.at} />
        </li>
      ))}
    </Part>
  );
}

interface PartProps {
  title: string;
  count: number;
  children: ComponentChildren;
}

const FEW = 30;

/** A heading and what is below it; the first of very many, until somebody wants all. */
function Part({ title, count, children }: PartProps): JSX.Element {
  const [all, setAll] = useState(false);
  const each = toChildArray(children);
  const more = all ? 0 : each.length - FEW;
  return (
    <section>
      <h2>{title}</h2>
      {count > 0 ? (
        <ul class="plain">{more > 0 ? each.slice(0, FEW) : each}</ul>
      ) : (
        <p class="dim none">{texts.explain.none}</p>
      )}
      {more > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {texts.explain.more(more)}
        </button>
      )}
    </section>
  );
}

function Name({ symbol, go }: { symbol: SymbolForm; go(to: SymbolForm): void }): JSX.Element {
  return (
    <button type="button" class="link" onClick={() => go(symbol)}>
      {named(symbol)}
    </button>
  );
}

function InGraph({ symbol }: { symbol: SymbolForm }): JSX.Element {
  const { client } = useShared();
  const opening: Opening = {
    panel: "graph",
    uri: symbol.uri,
    position: symbol.selectionRange.start,
  };
  return (
    <button type="button" class="quiet" onClick={() => client.tell({ type: "show", opening })}>
      {texts.graph.show}
    </button>
  );
}

function named(symbol: SymbolForm): string {
  const whole = [symbol.container, symbol.name].filter(Boolean).join(".");
  return whole || texts.explain.topLevel;
}
