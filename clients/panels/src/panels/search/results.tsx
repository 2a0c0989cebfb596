/** Results below their files, as editors list them, or in one row by rank. */

import type { HitForm } from "@codearch/protocol";
import type { JSX } from "preact";
import { useShared } from "../../hooks.ts";
import { type Folds, Head, type Line } from "../../parts/groups.tsx";
import { List } from "../../parts/list.tsx";
import { parted, relative } from "../../parts/places.ts";
import { texts } from "../../texts.ts";

export type Order = "file" | "rank";

const ROW_PIXELS = { file: 24, rank: 46 };

interface Props {
  shown: readonly Line<HitForm>[];
  order: Order;
  folds: Folds;
  chosen: number;
  onChoose(index: number): void;
  onOpen(line: Line<HitForm>, beside: boolean): void;
}

export function Results({ shown, order, folds, chosen, onChoose, onOpen }: Props): JSX.Element {
  const byFile = order === "file";
  return (
    <List<Line<HitForm>>
      label={texts.search.results}
      items={shown}
      height={ROW_PIXELS[order]}
      chosen={chosen}
      onChoose={onChoose}
      onOpen={onOpen}
      onKey={folds.onKey}
      branch={byFile ? folds.branch : undefined}
    >
      {(line) => {
        if (line.item) return byFile ? <Below hit={line.item} /> : <Row hit={line.item} />;
        const { folder, file } = parted(line.group);
        return <Head line={line} folded={folds.folded.has(line.group)} name={file} dim={folder} />;
      }}
    </List>
  );
}

function Row({ hit }: { hit: HitForm }): JSX.Element {
  const { roots } = useShared();
  const { folder, file } = parted(relative(hit.uri, roots));
  return (
    <>
      <span class="line">
        <span class="kind">{hit.kind}</span> <span class="name">{hit.symbol || file}</span>{" "}
        <span class="dim">{hit.container}</span>
      </span>
      <span class="line where">
        <span class="dim">{folder}</span>
        {file}
        <span class="dim">:{hit.range.start.line + 1}</span>
      </span>
    </>
  );
}

function Below({ hit }: { hit: HitForm }): JSX.Element {
  return (
    <span class="line below">
      <span class="kind">{hit.kind}</span>{" "}
      <span class="name">{hit.symbol || texts.explain.topLevel}</span>{" "}
      <span class="dim fills">{hit.container}</span>{" "}
      <span class="dim at">{hit.range.start.line + 1}</span>
    </span>
  );
}
