/** What a fix would change, to look at before anybody makes it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAnswer, useShared } from "../../hooks.ts";
import { Diff } from "../../parts/diff.tsx";
import { Busy, Failed } from "../../parts/states.tsx";
import { texts } from "../../texts.ts";

export function Fix({ id, title }: { id: string; title: string }): JSX.Element {
  const { client } = useShared();
  const [wanted, setWanted] = useState(false);
  const { value, error, loading } = useAnswer("codearch.debt.fix", wanted ? { id } : undefined);
  return (
    <section class="fix" aria-label={texts.debt.fix}>
      <div class="bar">
        <h3>{title}</h3>
        <button
          type="button"
          class="quiet"
          aria-expanded={wanted}
          onClick={() => setWanted(!wanted)}
        >
          {texts.debt.preview}
        </button>
      </div>
      {wanted && <Busy busy={loading} />}
      {error !== undefined && <Failed message={error} />}
      {value && (
        <>
          <p class="dim">{value.safe ? texts.debt.safe : texts.debt.unsafe}</p>
          <Diff label={texts.debt.diff} text={value.diff} />
          <div class="bar">
            {client.edits && (
              <button type="button" onClick={() => client.tell({ type: "edit", mend: value })}>
                {texts.debt.make}
              </button>
            )}
            <button
              type="button"
              class="quiet"
              onClick={() => client.tell({ type: "copy", text: value.diff })}
            >
              {texts.debt.copyFix}
            </button>
          </div>
        </>
      )}
    </section>
  );
}
