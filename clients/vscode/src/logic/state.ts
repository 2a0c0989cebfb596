import type { Status } from "@codearch/protocol";
import { texts } from "../texts.ts";

/** What is known of the server. */
export type State =
  | { kind: "stopped" }
  | { kind: "missing" }
  | { kind: "starting" }
  | { kind: "failed"; reason: string }
  | { kind: "running"; status?: Status };

/** Whether what is asked of the server now is to wait: it starts, or is about to. */
export function isComing(state: State): boolean {
  return state.kind === "starting" || state.kind === "stopped";
}

export interface Bar {
  text: string;
  tooltip: string;
  problem: boolean;
}

/** What stands in the status bar. */
export function bar(state: State): Bar {
  const name = texts.name;
  if (state.kind === "missing") {
    return { text: `$(warning) ${name}`, tooltip: texts.bar.missing, problem: true };
  }
  if (state.kind === "failed") {
    return { text: `$(error) ${name}`, tooltip: state.reason, problem: true };
  }
  if (state.kind === "stopped") {
    return { text: `$(circle-slash) ${name}`, tooltip: texts.bar.stopped, problem: false };
  }
  if (state.kind === "starting" || !state.status || state.status.state === "starting") {
    return { text: `$(loading~spin) ${name}`, tooltip: texts.bar.starting, problem: false };
  }
  return of(state.status);
}

function of(status: Status): Bar {
  const name = texts.name;
  const counts = texts.bar.counts(status.files, status.symbols);
  const problems = status.problems.map((each) =>
    [each.message, each.mend].filter(Boolean).join(" "),
  );
  const tooltip = [counts, ...problems].join("\n\n");
  if (status.state === "paused") {
    return {
      text: `$(debug-pause) ${name}`,
      tooltip: `${texts.bar.paused} ${tooltip}`,
      problem: false,
    };
  }
  if (status.state === "indexing") {
    const done = progress(status);
    const text = done ? `$(sync~spin) ${name} ${done}` : `$(sync~spin) ${name}`;
    return { text, tooltip: `${texts.bar.indexing} ${tooltip}`, problem: false };
  }
  if (status.health === "ok") {
    return { text: `$(check) ${name}`, tooltip: `${texts.bar.ready} ${tooltip}`, problem: false };
  }
  const icon = status.health === "error" ? "error" : "warning";
  return { text: `$(${icon}) ${name}`, tooltip, problem: true };
}

/** The share that is done, and the time left: of the folder that needs longest. */
function progress(status: Status): string {
  const folders = status.folders.flatMap((each) => (each.progress ? [each.progress] : []));
  const slowest = folders.sort((a, b) => (b.secondsLeft ?? -1) - (a.secondsLeft ?? -1))[0];
  if (!slowest) return "";
  const share = `${Math.floor(100 * Math.min(...folders.map((each) => each.share)))} %`;
  return slowest.secondsLeft === null ? share : `${share}, ${texts.bar.left(slowest.secondsLeft)}`;
}

/** The value of the context key `codearchaeologist.server`, by which views choose their welcome. */
export function context(state: State): string {
  if (state.kind !== "running") return state.kind;
  const status = state.status;
  if (!status || status.state === "starting") return "starting";
  if (status.state === "indexing") return "indexing";
  return status.files === 0 ? "empty" : "ready";
}
