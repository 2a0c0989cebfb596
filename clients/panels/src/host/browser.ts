import type { FromPanel, Opening, PanelName, ToPanel } from "@codearch/protocol";
import { place } from "../parts/places.ts";
import { texts } from "../texts.ts";
import type { Host } from "./host.ts";

const PANELS: readonly PanelName[] = ["search", "debt", "explain", "graph", "status"];
const LOST = -32099;

/** A plain browser at the bridge of `codearch panels`; the token comes in the page's own address. */
export function browserHost(say: (message: string) => void): Host {
  const token = takenToken();
  const socket = new WebSocket(`ws://${location.host}/socket`, ["codearch", token]);
  const early: string[] = [];
  const open = new Set<number>();
  let hear: (message: ToPanel) => void = () => undefined;

  socket.onopen = () => {
    for (const text of early.splice(0)) socket.send(text);
  };
  socket.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as ToPanel;
    if (message.type === "response") open.delete(message.id);
    hear(message);
  };
  socket.onclose = () => {
    for (const id of open) hear(lost(id));
    open.clear();
  };

  const tell = (message: FromPanel) => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else if (socket.readyState === WebSocket.CONNECTING) early.push(text);
  };

  const ask = (message: FromPanel & { type: "request" | "cancel" }) => {
    if (socket.readyState > WebSocket.OPEN) return queueMicrotask(() => hear(lost(message.id)));
    if (message.type === "request") open.add(message.id);
    tell(message);
  };

  return {
    tabs: true,
    edits: false,
    send(message) {
      switch (message.type) {
        case "request":
        case "cancel":
          return ask(message);
        case "ready":
          return hear({ type: "show", opening: opening(), state: kept() });
        case "show":
          sessionStorage.setItem("opening", JSON.stringify(message.opening));
          return hear({ type: "show", opening: message.opening, state: kept() });
        case "open":
          return copy(place(message.uri, message.range), say);
        case "copy":
          return copy(message.text, say);
        case "save":
          return save(message.name, message.text);
        case "edit":
          return; // nobody here can: the panels offer it where a host says so
        case "remember":
        case "forget":
          return tell(message); // the bridge keeps what was searched for
        case "keep":
          return sessionStorage.setItem("state", JSON.stringify(message.state));
      }
    },
    listen(heard) {
      hear = heard;
    },
  };
}

function lost(id: number): ToPanel {
  return { type: "response", id, error: { message: texts.lost, code: LOST } };
}

/** The token, out of the address: nobody who looks at the screen or the history reads it there. */
function takenToken(): string {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (token) {
    sessionStorage.setItem("token", token);
    given.delete("token");
    history.replaceState(null, "", `${location.pathname}#${given}`);
  }
  return sessionStorage.getItem("token") ?? "none";
}

function opening(): Opening {
  const asked = new URLSearchParams(location.hash.slice(1)).get("panel") as PanelName | null;
  if (asked && PANELS.includes(asked)) return { panel: asked };
  return parsed<Opening>("opening") ?? { panel: "search" };
}

function kept(): unknown {
  return parsed<unknown>("state");
}

function parsed<T>(key: string): T | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as T);
}

function copy(text: string, say: (message: string) => void): void {
  navigator.clipboard.writeText(text).then(
    () => say(texts.copied(text)),
    () => say(text),
  );
}

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
