/**
 * What panels and their host say to each other.
 *
 * A host is whoever shows a panel: an editor's webview or the bridge of `codearch panels`. It hands
 * commands on to the server, opens places, and says when something has changed. Every request has
 * one response of the same number; notices have none. It also keeps what was searched for: it tells
 * the recent searches at first and whenever they change, by `remember`, `forget` or in another view.
 */

import type { Commands, Mend, Position, Range, Status } from "./commands.ts";

export type Command = keyof Commands;

/** The panels that there are; a host opens one of them in each view. */
export type PanelName = "search" | "debt" | "explain" | "graph" | "status";

/** What other code is to be like: the code at a place, or a text; `name` is what people read. */
export type Like = { name: string } & (
  | { uri: string; position: Position }
  | { code: string; language: string }
);

/** What a panel begins with, for example the place that was right-clicked. */
export interface Opening {
  panel: PanelName;
  query?: string;
  uri?: string;
  position?: Position;
  symbol?: string;
  like?: Like;
}

/** From a panel: run a command of the server. */
export interface Request<C extends Command = Command> {
  type: "request";
  id: number;
  command: C;
  argument: Commands[C]["argument"];
}

/** To a panel: what a request gave, or why it gave nothing. */
export type Response<C extends Command = Command> =
  | { type: "response"; id: number; result: Commands[C]["result"] }
  | { type: "response"; id: number; error: { message: string; code: number } };

/** From a panel. */
export type FromPanel =
  | Request
  | { type: "cancel"; id: number }
  | { type: "ready" }
  | { type: "open"; uri: string; range: Range; beside: boolean }
  | { type: "show"; opening: Opening }
  | { type: "save"; name: string; text: string }
  | { type: "copy"; text: string }
  | { type: "edit"; mend: Mend }
  | { type: "remember"; query: string }
  | { type: "forget" }
  | { type: "keep"; state: unknown };

/** To a panel. */
export type ToPanel =
  | Response
  | { type: "show"; opening: Opening; state?: unknown }
  | { type: "status"; status: Status }
  | { type: "recent"; queries: readonly string[] }
  | { type: "changed" };
