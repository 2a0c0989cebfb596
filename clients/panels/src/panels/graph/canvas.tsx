/** The drawing: Cytoscape.js on a canvas, steered by keys as well as by the mouse. */

import cytoscape, { type Core } from "cytoscape";
import fcose from "cytoscape-fcose";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Busy } from "../../parts/states.tsx";
import { texts } from "../../texts.ts";
import { type Classes, SHAPES } from "./classes.ts";
import { type Picture, svg } from "./exporting.tsx";
import { fit, inSight, keepFitted } from "./fitting.ts";
import { BOXED_NODES, placed } from "./layout.ts";
import { nameLargest } from "./names.ts";
import { sheet, themeColour } from "./sheet.ts";
import type { Shown } from "./shown.ts";
import { act, closer, farther, type Steered, steer, whole } from "./steering.ts";
import type { Unit } from "./tree.ts";

cytoscape.use(fcose);

/** Above this, what moves is a picture of the drawing until the mouse is let go. */
const TEXTURE_NODES = 150;
const TEXTURE_LINKS = 400;
const VALUE_NODES = 40;
const LARGEST_AT_FIRST = 1.4;

interface Props extends Steered {
  classes: Classes;
  /** Nodes that stand out; the others fade. None: nothing fades. */
  marked: ReadonlySet<string> | undefined;
  theme: number;
  /** Handed what draws the present picture as an SVG. */
  pictureBy(draw: (() => string) | undefined): void;
}

type Kept = { current: Core | undefined };

export function Canvas(props: Props): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const now = useRef(props);
  now.current = props;
  const { shown } = props;
  // Another size needs another renderer: the drawing is made anew when it becomes large or small.
  const large = shown.nodes.length > TEXTURE_NODES || shown.links.length > TEXTURE_LINKS;
  const kept = useDrawing(holder, now, large);
  const busy = useContents(kept, props, large);
  useLooks(kept, props, large);
  useInSight(kept, props.chosen);
  return (
    <div class="drawing">
      <Busy busy={busy} />
      {/* The library looks for a style sheet of this id before it adds one, which the policy refuses. */}
      <span id="__________cytoscape_stylesheet" hidden />
      <div
        ref={holder}
        class="canvas"
        role="application"
        tabIndex={0}
        aria-label={texts.graph.drawing(shown.nodes.length, shown.links.length)}
        aria-description={texts.graph.keys}
        data-busy={busy}
        onKeyDown={(event) => kept.current && steer(kept.current, event, now.current)}
      />
      <div class="zoom">
        <Zoom name={texts.graph.zoomIn} sign="+" by={() => closer(kept.current)} />
        <Zoom name={texts.graph.zoomOut} sign="−" by={() => farther(kept.current)} />
        <Zoom name={texts.graph.fit} sign="□" by={() => whole(kept.current)} />
      </div>
    </div>
  );
}

/** The library's drawing in the holder; it says what is tapped to whoever listens by then. */
function useDrawing(
  holder: { current: HTMLDivElement | null },
  now: { current: Props },
  large: boolean,
): Kept {
  const kept = useRef<Core | undefined>(undefined);
  useEffect(() => {
    const cy = cytoscape({
      container: holder.current,
      minZoom: 0.03,
      maxZoom: 4,
      boxSelectionEnabled: false,
      autounselectify: true,
      textureOnViewport: large,
      ...(large && { pixelRatio: 1 }),
    });
    kept.current = cy;
    // For the benchmark and the tests, which look at where nodes are.
    (holder.current as HTMLDivElement & { drawing?: Core }).drawing = cy;
    cy.on("tap", (event) =>
      now.current.onChoose(event.target === cy ? undefined : event.target.id()),
    );
    cy.on("dbltap", "node", (event) => act(event.target.id(), now.current));
    let asked = 0;
    cy.on("zoom", () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => nameLargest(cy));
    });
    const left = keepFitted(cy, () => now.current.chosen);
    now.current.pictureBy(() => svg(pictured(cy, now.current.shown, now.current.classes)));
    return () => {
      now.current.pictureBy(undefined);
      kept.current = undefined;
      cancelAnimationFrame(asked);
      left();
      cy.destroy();
    };
  }, [large]);
  return kept;
}

/** Draw what is shown and place it; true until all is in its place. */
function useContents(kept: Kept, { shown, classes }: Props, large: boolean): boolean {
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const cy = kept.current;
    if (!cy) return;
    const taken = new AbortController();
    const again = fill(cy, shown, classes);
    setBusy(true);
    placed(cy, again, taken.signal).then(() => {
      if (taken.signal.aborted) return;
      cy.resize();
      fit(cy, LARGEST_AT_FIRST);
      nameLargest(cy);
      setBusy(false);
    });
    return () => taken.abort();
  }, [shown, classes, large]);
  return busy;
}

/** The theme's colours, and what is chosen, near to it, or faded. */
function useLooks(kept: Kept, { shown, classes, chosen, marked, theme }: Props, large: boolean) {
  useEffect(() => {
    kept.current?.style(sheet(shown.nodes.length, shown.links.length));
  }, [theme, shown, large]);
  useEffect(() => {
    const cy = kept.current;
    if (!cy) return;
    cy.batch(() => {
      cy.elements().removeClass("chosen near faded");
      if (marked)
        cy.nodes(":childless").forEach(
          (node) => void node.toggleClass("faded", !marked.has(node.id())),
        );
      const node = chosen === undefined ? cy.collection() : cy.getElementById(chosen);
      node.addClass("chosen").connectedEdges().addClass("near");
    });
  }, [chosen, marked, shown, classes, large]);
}

/** Move the drawing where the node that is chosen would be out of sight. */
function useInSight(kept: Kept, chosen: string | undefined): void {
  useEffect(() => {
    if (kept.current) inSight(kept.current, chosen);
  }, [chosen]);
}

function Zoom({ name, sign, by }: { name: string; sign: string; by(): void }): JSX.Element {
  return (
    <button type="button" class="quiet" title={name} aria-label={name} onClick={by}>
      {sign}
    </button>
  );
}

/** Put what is shown in place of what was; true where some of it stood there before. */
function fill(cy: Core, shown: Shown, classes: Classes): boolean {
  const boxed = shown.nodes.length + shown.boxes.length <= BOXED_NODES;
  const boxes = new Set(boxed ? shown.boxes.map((box) => box.id) : []);
  const parent = (unit: Unit) => unit.within.filter((id) => boxes.has(id)).at(-1);
  const withValue = shown.nodes.length <= VALUE_NODES && classes.all.length > 1;
  const before = new Map(cy.nodes(":childless").map((node) => [node.id(), { ...node.position() }]));
  const where = (unit: Unit) =>
    before.get(unit.id) ?? before.get(unit.within.find((id) => before.has(id)) ?? "");
  cy.startBatch();
  cy.elements().remove();
  cy.add([
    ...shown.boxes
      .filter((box) => boxes.has(box.id))
      .map((box) => ({ data: { id: box.id, label: box.label, ...under(parent(box)) } })),
    ...shown.nodes.map((unit) => {
      const { colour, shape, border } = classes.of(unit);
      const position = where(unit);
      return {
        data: {
          id: unit.id,
          label: withValue ? `${unit.label}\n${classes.said(unit)}` : unit.label,
          size: Math.min(64, 16 + Math.sqrt(unit.lines) * 0.55),
          colour,
          border,
          points: SHAPES[shape].join(" "),
          ...under(parent(unit)),
        },
        ...(position && { position: { ...position } }),
      };
    }),
    ...shown.links.map((link) => ({
      data: {
        id: `${link.source}\n${link.target}`,
        source: link.source,
        target: link.target,
        count: link.count > 1 ? `${link.count}` : "",
        width: Math.min(9, 1 + Math.log2(link.count)),
      },
      classes: [link.faint && "faint", link.cut && "cut"].filter(Boolean).join(" "),
    })),
  ]);
  cy.endBatch();
  return shown.nodes.some((unit) => where(unit));
}

const under = (parent: string | undefined) => (parent === undefined ? {} : { parent });

/** What is drawn, with where it is, for a file. */
function pictured(cy: Core, shown: Shown, classes: Classes): Picture {
  const units = new Map(shown.nodes.map((unit) => [unit.id, unit]));
  return {
    spots: cy.nodes().map((node) => {
      const unit = units.get(node.id());
      const box = node.isParent() ? node.boundingBox({ includeLabels: false }) : undefined;
      return {
        id: node.id(),
        label: node.data("label") as string,
        x: box ? (box.x1 + box.x2) / 2 : node.position().x,
        y: box ? (box.y1 + box.y2) / 2 : node.position().y,
        width: box ? box.w : node.width(),
        height: box ? box.h : node.height(),
        ...(unit && { class: classes.of(unit) }),
      };
    }),
    links: cy.edges().map((edge) => ({
      source: edge.source().id(),
      target: edge.target().id(),
      width: edge.data("width") as number,
      faint: edge.hasClass("faint"),
      cut: edge.hasClass("cut"),
    })),
    colour: themeColour,
    legend: classes.all,
  };
}
