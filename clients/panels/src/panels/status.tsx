/** How fresh the index is, what is off, and what can be done about it. */

import type { Command, FolderStatus, Status } from "@codearch/protocol";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useShared } from "../hooks.ts";
import { Busy, Failed } from "../parts/states.tsx";
import { texts } from "../texts.ts";

type Order = Extract<
  Command,
  | "codearch.index.flush"
  | "codearch.index.pause"
  | "codearch.index.resume"
  | "codearch.index.rebuild"
>;

export function StatusPanel(): JSX.Element {
  const { status, failed } = useShared();
  return (
    <div class="status">
      <Busy busy={status ? status.state === "indexing" : failed === undefined} />
      {!status && failed !== undefined && <Failed message={failed} />}
      {status && <Known status={status} />}
    </div>
  );
}

function Known({ status }: { status: Status }): JSX.Element {
  return (
    <div class="page">
      <header class="bar">
        <h1>
          {texts.state[status.state]},{" "}
          <span class={status.health}>{texts.status.health[status.health]}</span>
        </h1>
        <Orders paused={status.state === "paused"} />
      </header>
      <Figures status={status} />
      {status.problems.length > 0 && (
        <section>
          <h2>{texts.status.problems}</h2>
          <ul class="plain">
            {status.problems.map((problem) => (
              <li key={problem.message}>
                {problem.message} <span class="dim">{problem.mend}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{texts.status.folders}</h2>
        <ul class="plain">
          {status.folders.map((folder) => (
            <Folder key={folder.root} folder={folder} />
          ))}
        </ul>
      </section>
      <Latency status={status} />
    </div>
  );
}

function Orders({ paused }: { paused: boolean }): JSX.Element {
  const { client, say } = useShared();
  const [failed, setFailed] = useState<string>();
  const order = (command: Order) => {
    setFailed(undefined);
    client.ask(command, {}).then(
      (result) => {
        if ("tookMs" in result) say(texts.status.done(result.tookMs));
      },
      (error: Error) => setFailed(error.message),
    );
  };
  return (
    <>
      <button type="button" disabled={paused} onClick={() => order("codearch.index.flush")}>
        {texts.status.flush}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => order(paused ? "codearch.index.resume" : "codearch.index.pause")}
      >
        {paused ? texts.status.resume : texts.status.pause}
      </button>
      <button type="button" class="quiet" onClick={() => order("codearch.index.rebuild")}>
        {texts.status.rebuild}
      </button>
      {failed !== undefined && <Failed message={failed} />}
    </>
  );
}

function Figures({ status }: { status: Status }): JSX.Element {
  const { number } = texts;
  const figures: [string, string][] = [
    [texts.status.files, number(status.files)],
    [texts.status.symbols, number(status.symbols)],
    [texts.status.embedded, number(status.embedded)],
    [texts.status.pending, number(status.pending)],
    [texts.status.reused, texts.explain.share(status.cache.hitRate ?? 0)],
    [texts.status.store, texts.status.megabytes(status.store.bytes ?? 0)],
    [texts.status.model, status.model.name ?? ""],
    [texts.status.version, status.version],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Folder({ folder }: { folder: FolderStatus }): JSX.Element {
  const { progress } = folder;
  return (
    <li>
      {folder.root} <span class="dim">{texts.state[folder.state ?? "starting"]}</span>
      {progress && (
        <span class="dim">
          {" "}
          {texts.explain.share(progress.share)}
          {progress.secondsLeft !== null && `, ${texts.status.left(progress.secondsLeft)}`}
        </span>
      )}
    </li>
  );
}

function Latency({ status }: { status: Status }): JSX.Element | null {
  const rows = Object.entries(status.latency);
  if (rows.length === 0) return null;
  const { milliseconds } = texts.status;
  return (
    <section>
      <h2>{texts.status.latency}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.status.method}</th>
            <th scope="col">{texts.status.count}</th>
            <th scope="col">{texts.status.half}</th>
            <th scope="col">{texts.status.most}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([method, taken]) => (
            <tr key={method}>
              <th scope="row">{method}</th>
              <td>{texts.number(taken.count)}</td>
              <td>{milliseconds(taken.p50Ms)}</td>
              <td>{milliseconds(taken.p95Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
