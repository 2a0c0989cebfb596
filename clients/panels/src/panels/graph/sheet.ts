/** How the drawing looks: the theme's colours, read from the page, as the library wants them. */

import type { StylesheetJsonBlock } from "cytoscape";
import { useEffect, useState } from "preact/hooks";
import { BOXED_NODES } from "./layout.ts";

const COUNTED_NODES = 40;
const CURVED_LINKS = 800;

const SYSTEM = [
  "(prefers-color-scheme: dark)",
  "(prefers-contrast: more)",
  "(forced-colors: active)",
] as const;

/** The colour of a theme's variable, as `rgb(…)` whatever it was written as. */
export function themeColour(variable: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  probe.style.forcedColorAdjust = "none"; // what stands in the variable, whatever the system forces
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return flat(colour);
}

/** The library and SVG viewers know `rgb(…)`; a canvas turns every other form into it. */
function flat(colour: string): string {
  if (/^rgba?\(/.test(colour)) return colour;
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

/** A number that grows when the theme changes. */
export function useTheme(): number {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const changed = () => setTheme((before) => before + 1);
    const watching = new MutationObserver(changed);
    watching.observe(document.body, { attributeFilter: ["class"] });
    watching.observe(document.documentElement, { attributeFilter: ["style"] });
    const systems = SYSTEM.map((query) => matchMedia(query));
    for (const system of systems) system.addEventListener("change", changed);
    return () => {
      watching.disconnect();
      for (const system of systems) system.removeEventListener("change", changed);
    };
  }, []);
  return theme;
}

/** In the drawing's own units: a screen's pixels as long as nothing is zoomed. */
export function fontSize(nodes: number): number {
  return nodes <= COUNTED_NODES ? 13 : 18;
}

export function sheet(nodes: number, links: number): StylesheetJsonBlock[] {
  const [fore, back, dim, raised, edge, accent, bad] = (
    ["--fore", "--back", "--dim", "--raised", "--edge", "--accent", "--bad"] as const
  ).map(themeColour) as [string, string, string, string, string, string, string];
  const colours = new Map<string, string>();
  const colour = (name: string) => {
    const known = colours.get(name) ?? themeColour(name);
    colours.set(name, known);
    return known;
  };
  const small = nodes <= BOXED_NODES && links <= CURVED_LINKS;
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: fore,
        "font-size": fontSize(nodes),
        "min-zoomed-font-size": small ? 7 : 9,
        "text-wrap": "wrap",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": back,
        "text-background-opacity": 0.8,
        "text-background-padding": "1px",
        "border-color": fore,
        "overlay-opacity": 0,
      },
    },
    {
      selector: "node[points]",
      style: {
        width: "data(size)",
        height: "data(size)",
        shape: "ellipse",
        "background-color": (node: { data(name: string): string }) => colour(node.data("colour")),
        "border-width": "data(border)",
      },
    },
    {
      selector: "node[points][points != '']",
      style: { shape: "polygon", "shape-polygon-points": "data(points)" as never },
    },
    {
      selector: ":parent",
      style: {
        shape: "round-rectangle",
        "background-color": raised,
        "background-opacity": 0.6,
        "border-color": edge,
        "border-width": 1,
        "text-valign": "top",
        "text-margin-y": -2,
        "font-weight": "bold",
        padding: "18px",
      },
    },
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "line-color": edge,
        "target-arrow-color": edge,
        "target-arrow-shape": small ? "triangle" : "none",
        "arrow-scale": 0.9,
        "curve-style": small ? "bezier" : "haystack",
        "overlay-opacity": 0,
        opacity: small ? 0.85 : 0.5,
        color: dim,
        "font-size": 11,
        "min-zoomed-font-size": 7,
        "text-background-color": back,
        "text-background-opacity": 0.9,
        label: nodes <= COUNTED_NODES ? "data(count)" : "",
      },
    },
    { selector: "edge.faint", style: { "line-style": "dashed" } },
    {
      selector: "edge.cut",
      style: { "line-color": bad, "target-arrow-color": bad, "line-style": "dashed", opacity: 1 },
    },
    { selector: ".faded", style: { opacity: 0.25 } },
    {
      selector: "edge.near",
      style: { "line-color": accent, "target-arrow-color": accent, opacity: 1, "z-index": 5 },
    },
    {
      selector: "node.chosen",
      style: {
        "outline-color": accent,
        "outline-width": 4,
        "outline-offset": 2,
        "font-weight": "bold",
        "z-index": 9,
      } as never,
    },
  ] as StylesheetJsonBlock[];
}
