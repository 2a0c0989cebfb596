/** The frame around a panel: which one is shown, and what all of them share. */

import type { Opening, PanelName, Status } from "@codearch/protocol";
import type { FunctionComponent, JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Client } from "./client.ts";
import { restore, SharedContext } from "./hooks.ts";
import type { Host } from "./host/host.ts";
import { DebtPanel } from "./panels/debt.tsx";
import { ExplainPanel } from "./panels/explain.tsx";
import { GraphPanel } from "./panels/graph.tsx";
import { SearchPanel } from "./panels/search.tsx";
import { StatusPanel } from "./panels/status.tsx";
import { path } from "./parts/places.ts";
import { texts } from "./texts.ts";

const PANELS: Partial<Record<PanelName, FunctionComponent<{ opening: Opening }>>> = {
  search: SearchPanel,
  debt: DebtPanel,
  explain: ExplainPanel,
  graph: GraphPanel,
  status: StatusPanel,
};
const SAID_MILLISECONDS = 4000;

interface Props {
  host: Host;
  sayBy(say: (message: string) => void): void;
}

export function App({ host, sayBy }: Props): JSX.Element {
  const [opening, setOpening] = useState<{ opening: Opening; number: number }>();
  const [status, setStatus] = useState<Status>();
  const [generation, setGeneration] = useState(0);
  const [recent, setRecent] = useState<readonly string[]>([]);
  const [failed, setFailed] = useState<string>();
  const [said, setSaid] = useState("");
  const client = useMemo(
    () =>
      new Client(host, {
        show(next, state) {
          restore(state);
          setOpening((before) => ({ opening: next, number: (before?.number ?? 0) + 1 }));
        },
        status: setStatus,
        changed: () => setGeneration((before) => before + 1),
        recent: setRecent,
      }),
    [host],
  );
  useEffect(() => {
    sayBy(setSaid);
    client.tell({ type: "ready" });
    client.ask("codearch.status", {}).then(setStatus, (error: Error) => setFailed(error.message));
  }, [client, sayBy]);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(""), SAID_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [said]);
  const roots = status?.folders.map((folder) => slashed(folder.root)).join("\n") ?? "";
  const shared = useMemo(
    () => ({ client, status, roots: roots.split("\n"), generation, recent, failed, say: setSaid }),
    [client, status, roots, generation, recent, failed],
  );
  const Panel = opening && PANELS[opening.opening.panel];
  return (
    <SharedContext.Provider value={shared}>
      {client.tabs && opening && <Tabs shown={opening.opening.panel} client={client} />}
      <main class="panel">
        {Panel && <Panel key={`${opening.number}`} opening={opening.opening} />}
      </main>
      <div class={said ? "said on" : "said"} role="status" aria-live="polite">
        {said}
      </div>
    </SharedContext.Provider>
  );
}

/** A root as URIs have it: with slashes, and what stood there as a URI as a path. */
function slashed(root: string): string {
  return path(root).replaceAll("\\", "/");
}

function Tabs({ shown, client }: { shown: PanelName; client: Client }): JSX.Element {
  return (
    <nav class="tabs" aria-label={texts.views}>
      {(Object.keys(PANELS) as PanelName[]).map((panel) => (
        <button
          key={panel}
          type="button"
          aria-current={panel === shown ? "page" : undefined}
          onClick={() => client.tell({ type: "show", opening: { panel } })}
        >
          {texts.panels[panel]}
        </button>
      ))}
    </nav>
  );
}
