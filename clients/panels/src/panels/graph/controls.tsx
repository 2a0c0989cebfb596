/** What a graph is of, how it is coloured and shown, what is looked for in it; and its legend. */

import type { Commands } from "@codearch/protocol";
import type { JSX } from "preact";
import { Select } from "../../parts/fields.tsx";
import { texts } from "../../texts.ts";
import { type Class, type Classes, type Colouring, SHAPES } from "./classes.ts";

export type Kind = Commands["codearch.graph"]["argument"]["kind"];
export type Level = "folder" | "file" | "symbol";

export interface Options {
  kind: Kind;
  colouring: Colouring;
  view: "drawing" | "list";
}

interface Props {
  options: Options;
  find: string;
  hits: number;
  nodes: number;
  links: number;
  onOptions(options: Options): void;
  onFind(words: string): void;
  onStep(backwards: boolean): void;
  onLevel(level: Level): void;
  onExport(as: "svg" | "mermaid"): void;
}

export function Controls({ options, ...props }: Props): JSX.Element {
  const levels: Level[] =
    options.kind === "calls" ? ["folder", "file", "symbol"] : ["folder", "file"];
  return (
    <header>
      <div class="fields">
        <Select<Kind>
          label={texts.graph.kind}
          value={options.kind}
          options={Object.entries(texts.graph.kinds) as [Kind, string][]}
          onChange={(kind) => props.onOptions({ ...options, kind })}
        />
        <Select<Colouring>
          label={texts.graph.colouring}
          value={options.colouring}
          options={Object.entries(texts.graph.colourings) as [Colouring, string][]}
          onChange={(colouring) => props.onOptions({ ...options, colouring })}
        />
        <span class="field" role="group" aria-label={texts.graph.level}>
          <span class="dim">{texts.graph.level}</span>
          {levels.map((level) => (
            <Quiet key={level} name={texts.graph.levels[level]} act={() => props.onLevel(level)} />
          ))}
        </span>
        <span class="field" role="group" aria-label={texts.graph.view}>
          {(["drawing", "list"] as const).map((view) => (
            <Quiet
              key={view}
              name={texts.graph.views[view]}
              pressed={view === options.view}
              act={() => props.onOptions({ ...options, view })}
            />
          ))}
        </span>
        {options.view === "drawing" && (
          <Quiet name={texts.graph.svg} act={() => props.onExport("svg")} />
        )}
        <Quiet name={texts.graph.mermaid} act={() => props.onExport("mermaid")} />
      </div>
      <div class="fields">
        <input
          type="search"
          class="find"
          aria-label={texts.graph.find}
          placeholder={texts.graph.find}
          value={props.find}
          spellcheck={false}
          onInput={(event) => props.onFind(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && props.onStep(event.shiftKey)}
        />
        <span class="dim" role="status">
          {props.find.trim()
            ? texts.graph.hits(props.hits)
            : texts.graph.drawing(props.nodes, props.links)}
        </span>
      </div>
    </header>
  );
}

interface QuietProps {
  name: string;
  pressed?: boolean;
  act(): void;
}

function Quiet({ name, pressed, act }: QuietProps): JSX.Element {
  return (
    <button type="button" class="quiet" aria-pressed={pressed} onClick={act}>
      {name}
    </button>
  );
}

interface LegendProps {
  classes: Classes;
  only: string | undefined;
  onOnly(name: string | undefined): void;
}

/** What colours and forms mean; a press lets those nodes stand out. */
export function Legend({ classes, only, onOnly }: LegendProps): JSX.Element {
  return (
    <ul class="legend plain" aria-label={texts.graph.legend}>
      {classes.all.map((each) => (
        <li key={each.name}>
          <button
            type="button"
            class="quiet"
            aria-pressed={only === each.name}
            onClick={() => onOnly(only === each.name ? undefined : each.name)}
          >
            <Swatch of={each} /> {each.name}
          </button>
        </li>
      ))}
      <li class="dim">{texts.graph.legendSizes}</li>
    </ul>
  );
}

function Swatch({ of }: { of: Class }): JSX.Element {
  const corners = SHAPES[of.shape];
  const paint = { style: { fill: `var(${of.colour})` }, "stroke-width": of.border };
  return (
    <svg viewBox="-10 -10 20 20" width="16" height="16" aria-hidden="true" class="swatch">
      {corners.length === 0 ? (
        <circle r="7" {...paint} />
      ) : (
        <polygon points={corners.map((each) => each * 8).join(" ")} {...paint} />
      )}
    </svg>
  );
}
