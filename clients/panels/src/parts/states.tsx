/** What stands where there is nothing to show, not yet, not all, or not at all. */

import type { ComponentChildren, JSX } from "preact";
import { texts } from "../texts.ts";

export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="state">{children}</p>;
}

export function Failed({ message }: { message: string }): JSX.Element {
  return (
    <p class="state failed" role="alert">
      {message}
    </p>
  );
}

/** A thin line that moves while something is on its way. */
export function Busy({ busy }: { busy: boolean }): JSX.Element {
  return (
    <div class={busy ? "busy on" : "busy"} role="status">
      <span class="unseen">{busy ? texts.loading : ""}</span>
    </div>
  );
}

export function Partial({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <p class="partial" role="note">
      {children}
    </p>
  );
}
