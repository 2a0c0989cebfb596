/** Code with its syntax colours and highlights, as elements and never as a page's source. */

import type { Range } from "@codearch/protocol";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import typescript from "highlight.js/lib/languages/typescript";
import { createLowlight } from "lowlight";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

const lowlight = createLowlight({
  c,
  cpp,
  csharp,
  go,
  java,
  javascript,
  python,
  rust,
  typescript,
});

type Tree = ReturnType<typeof lowlight.highlight>["children"][number];

/** A stretch of text, its class, and whether it is highlighted. */
export interface Piece {
  text: string;
  kind: string;
  marked: boolean;
}

interface Props {
  text: string;
  language: string;
  /** The line of the file that the text begins at, and ranges of that file. */
  line?: number;
  marks?: readonly Range[];
}

export function Code({ text, language, line = 0, marks = [] }: Props): JSX.Element {
  const shown = useMemo(() => pieces(text, language, line, marks), [text, language, line, marks]);
  return (
    <pre class="code">
      <code>
        {shown.map(({ text, kind, marked }, index) =>
          marked ? (
            <mark key={index} class={kind}>
              {text}
            </mark>
          ) : (
            <span key={index} class={kind}>
              {text}
            </span>
          ),
        )}
      </code>
    </pre>
  );
}

/** Cut a text where colours or highlights begin and end. */
export function pieces(
  text: string,
  language: string,
  line: number,
  marks: readonly Range[],
): Piece[] {
  const spans = offsets(text, line, marks);
  const found: Piece[] = [];
  let at = 0;
  for (const [token, kind] of tokens(text, language)) {
    const end = at + token.length;
    const cuts = spans.flat().filter((cut) => cut > at && cut < end);
    for (const cut of [...new Set(cuts), end].sort((one, other) => one - other)) {
      const marked = spans.some(([from, to]) => from <= at && cut <= to);
      found.push({ text: text.slice(at, cut), kind, marked });
      at = cut;
    }
  }
  return found;
}

function tokens(text: string, language: string): [string, string][] {
  if (!lowlight.registered(language)) return [[text, ""]];
  const found: [string, string][] = [];
  const walk = (node: Tree, kind: string): void => {
    if (node.type === "text") found.push([node.value, kind]);
    if (node.type !== "element") return;
    const names = node.properties.className;
    const own = Array.isArray(names) ? names.join(" ") : kind;
    for (const child of node.children) walk(child, own);
  };
  for (const node of lowlight.highlight(language, text).children) walk(node, "");
  return found;
}

function offsets(text: string, line: number, marks: readonly Range[]): [number, number][] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = (position: Range["start"]) => {
    const start = starts[position.line - line];
    return start === undefined ? undefined : Math.min(start + position.character, text.length);
  };
  return marks.flatMap((range): [number, number][] => {
    const [from, to] = [offset(range.start), offset(range.end)];
    return from === undefined || to === undefined || to <= from ? [] : [[from, to]];
  });
}
