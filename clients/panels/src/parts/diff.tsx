/** A unified diff, line by line. */

import type { JSX } from "preact";

const HEADS = ["---", "+++", "@@"];

export function Diff({ label, text }: { label: string; text: string }): JSX.Element {
  return (
    <div class="diff" tabIndex={0} role="region" aria-label={label}>
      <pre class="code">
        {text
          .trimEnd()
          .split("\n")
          .map((line, index) => (
            <span key={index} class={kind(line)}>
              {`${line}\n`}
            </span>
          ))}
      </pre>
    </div>
  );
}

function kind(line: string): string {
  if (HEADS.some((head) => line.startsWith(head))) return "dim";
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "";
}
