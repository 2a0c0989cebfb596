import type { FromPanel, ToPanel } from "@codearch/protocol";
import type { Host } from "./host.ts";

interface Webview {
  postMessage(message: FromPanel): void;
  setState(state: unknown): void;
}

declare global {
  var acquireVsCodeApi: (() => Webview) | undefined;
}

/** The host of VS Code's webview, or nothing where this is none. */
export function vscodeHost(): Host | undefined {
  const webview = globalThis.acquireVsCodeApi?.();
  if (!webview) return undefined;
  return {
    tabs: false,
    edits: true,
    send(message) {
      if (message.type === "keep") webview.setState(message.state);
      webview.postMessage(message);
    },
    listen(heard) {
      window.addEventListener("message", (event: MessageEvent<ToPanel>) => heard(event.data));
    },
  };
}
