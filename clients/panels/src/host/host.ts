/** Whoever shows the panels: an editor's webview, or a browser at `codearch panels`. */

import type { FromPanel, ToPanel } from "@codearch/protocol";

export interface Host {
  /** Whether the panels show their own tabs, since nobody else offers a way between them. */
  readonly tabs: boolean;
  /** Whether it can change files, as editors can. */
  readonly edits: boolean;
  send(message: FromPanel): void;
  listen(heard: (message: ToPanel) => void): void;
}
