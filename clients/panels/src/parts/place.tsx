/** A place of a file that a click opens, with Ctrl to the side. */

import type { Range } from "@codearch/protocol";
import type { JSX } from "preact";
import { useShared } from "../hooks.ts";
import { relative } from "./places.ts";

interface Props {
  uri: string;
  range: Range;
  beside?: boolean;
}

export function Place({ uri, range, beside = false }: Props): JSX.Element {
  const { client, roots } = useShared();
  return (
    <button
      type="button"
      class="link place"
      onClick={(event) =>
        client.tell({ type: "open", uri, range, beside: beside || event.ctrlKey || event.metaKey })
      }
    >
      {relative(uri, roots)}:{range.start.line + 1}
    </button>
  );
}
