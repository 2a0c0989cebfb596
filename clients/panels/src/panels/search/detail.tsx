/** The chosen result: why it was found, its code, and what can be asked about it. */

import type { HitForm, Like } from "@codearch/protocol";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useShared } from "../../hooks.ts";
import { Code } from "../../parts/code.tsx";
import { parted, relative } from "../../parts/places.ts";
import { texts } from "../../texts.ts";

const NAME_LENGTH = 40;

interface Props {
  hit: HitForm;
  onOpen(hit: HitForm, beside: boolean): void;
  onExplain(hit: HitForm): void;
  onLike(like: Like): void;
}

export function Detail({ hit, onOpen, onExplain, onLike }: Props): JSX.Element {
  const { roots } = useShared();
  const code = useRef<HTMLDivElement>(null);
  const selected = useSelected(code);
  const name = hit.symbol || parted(relative(hit.uri, roots)).file;
  const like = (): Like =>
    selected
      ? { name: firstLine(selected), code: selected, language: hit.language }
      : { name, uri: hit.uri, position: hit.range.start };
  return (
    <section class="detail" aria-label={name}>
      <div class="bar">
        <h2>{name}</h2>
        <button type="button" onClick={() => onOpen(hit, false)}>
          {texts.open}
        </button>
        <button type="button" class="quiet" onClick={() => onOpen(hit, true)}>
          {texts.beside}
        </button>
        <button type="button" class="quiet" onClick={() => onExplain(hit)}>
          {texts.search.explain}
        </button>
        <button type="button" class="quiet" onClick={() => onLike(like())}>
          {selected ? texts.search.likeSelection : texts.search.like}
        </button>
      </div>
      <ul class="chips" aria-label={texts.search.why}>
        {hit.similarity !== undefined && <li>{texts.search.similarity(hit.similarity)}</li>}
        {hit.why.map((why) => (
          <li key={why.signal}>
            <b>{why.signal}</b> {why.detail}
          </li>
        ))}
      </ul>
      <div class="scrolls" ref={code} tabIndex={0} role="region" aria-label={texts.code(name)}>
        <Code
          text={hit.snippet}
          language={hit.language}
          line={hit.snippetLine}
          marks={hit.highlights}
        />
      </div>
    </section>
  );
}

/** The text that is selected within an element, empty where none is. */
function useSelected(within: { current: HTMLElement | null }): string {
  const [selected, setSelected] = useState("");
  useEffect(() => {
    const look = () => {
      const selection = document.getSelection();
      const inside = selection?.anchorNode && within.current?.contains(selection.anchorNode);
      setSelected(inside ? selection.toString().trim() : "");
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [within]);
  return selected;
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH)}…` : line;
}
