/** Filters that fold away, with how many are set; folded where there is little room. */

import type { ComponentChildren, JSX } from "preact";
import { useKept } from "../hooks.ts";
import { texts } from "../texts.ts";

const NARROW_PIXELS = 640;

interface Props {
  /** The name under which it is kept whether they are folded. */
  name: string;
  set: number;
  children: ComponentChildren;
}

export function Filters({ name, set, children }: Props): JSX.Element {
  const [open, setOpen] = useKept(name, innerWidth > NARROW_PIXELS);
  return (
    <details class="filters" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {texts.filters} {set > 0 && <span class="badge">{texts.number(set)}</span>}
      </summary>
      <div class="fields" role="group" aria-label={texts.filters}>
        {children}
      </div>
    </details>
  );
}

/** How many of some filters are not what they are at first. */
export function countSet<T extends object>(filters: T, none: T): number {
  return (Object.keys(none) as (keyof T)[]).filter((name) => filters[name] !== none[name]).length;
}
