/** Requests of the panels, each with its own answer. */

import type { Command, Commands, FromPanel, Opening, Status, ToPanel } from "@codearch/protocol";
import type { Host } from "./host/host.ts";

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

/** What a host says of itself, beside answers. */
export interface Heard {
  show(opening: Opening, state: unknown): void;
  status(status: Status): void;
  changed(): void;
  recent(queries: readonly string[]): void;
}

export class Client {
  readonly #host: Host;
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;

  constructor(host: Host, heard: Heard) {
    this.#host = host;
    host.listen((message) => this.#take(message, heard));
  }

  get tabs(): boolean {
    return this.#host.tabs;
  }

  get edits(): boolean {
    return this.#host.edits;
  }

  /** Ask the server; an aborted signal takes the request back and rejects it. */
  ask<C extends Command>(
    command: C,
    argument: Commands[C]["argument"],
    signal?: AbortSignal,
  ): Promise<Commands[C]["result"]> {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      signal?.addEventListener("abort", () => {
        if (!this.#waiting.delete(id)) return;
        this.#host.send({ type: "cancel", id });
        reject(new DOMException("taken back", "AbortError"));
      });
      this.#host.send({ type: "request", id, command, argument });
    });
  }

  tell(message: Exclude<FromPanel, { type: "request" | "cancel" }>): void {
    this.#host.send(message);
  }

  #take(message: ToPanel, heard: Heard): void {
    switch (message.type) {
      case "show":
        return heard.show(message.opening, message.state);
      case "status":
        return heard.status(message.status);
      case "changed":
        return heard.changed();
      case "recent":
        return heard.recent(message.queries);
      case "response": {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if ("error" in message) waiting?.reject(new Error(message.error.message));
        else waiting?.resolve(message.result as never);
      }
    }
  }
}
