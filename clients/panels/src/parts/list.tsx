/** A list of any length, of which only what is seen is in the page; keys move the choice. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useReducer, useRef } from "preact/hooks";

/** Where a row stands in a tree of two levels; heads alone are expanded or not. */
export interface Branch {
  level: number;
  at: number;
  of: number;
  expanded?: boolean;
}

interface Props<T> {
  label: string;
  items: readonly T[];
  height: number | ((index: number) => number);
  chosen: number;
  onChoose(index: number): void;
  onOpen?(item: T, beside: boolean): void;
  onKey?(event: KeyboardEvent, item: T): void;
  /** Given where rows are heads and what is below them: a click on a head opens it. */
  branch?: ((item: T) => Branch) | undefined;
  children(item: T, index: number): ComponentChildren;
}

export function List<T>(props: Props<T>): JSX.Element {
  const { items, height, chosen, onChoose, onOpen } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtual(scroller, items, height);

  useEffect(() => {
    if (items.length > 0) virtual.scrollToIndex(Math.min(chosen, items.length - 1));
  }, [chosen, items.length, virtual]);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, chosen, items.length);
    const item = items[chosen];
    if (to !== undefined) onChoose(to);
    else if (event.key === "Enter" && item !== undefined) onOpen?.(item, event.ctrlKey);
    else if (item !== undefined) return props.onKey?.(event, item);
    event.preventDefault();
  };

  return (
    <div
      class="list"
      ref={scroller}
      role={props.branch ? "tree" : "listbox"}
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div class="list-all" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map(({ index, start, size }) => {
          const item = items[index] as T;
          const branch = props.branch?.(item);
          const isHead = branch?.expanded !== undefined;
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              class="row"
              role={branch ? "treeitem" : "option"}
              aria-selected={index === chosen}
              aria-level={branch?.level}
              aria-expanded={branch?.expanded}
              aria-setsize={branch?.of ?? items.length}
              aria-posinset={branch?.at ?? index + 1}
              style={{ transform: `translateY(${start}px)`, height: `${size}px` }}
              onClick={() => {
                onChoose(index);
                if (isHead) onOpen?.(item, false);
              }}
              onDblClick={(event) => {
                if (!isHead) onOpen?.(item, event.ctrlKey);
              }}
            >
              {props.children(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Where a key leads from a row; nowhere for keys that do not move. */
export function moved(key: string, from: number, length: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + 10,
    PageUp: from - 10,
    Home: 0,
    End: length - 1,
  };
  const to = steps[key];
  return to === undefined ? undefined : Math.max(0, Math.min(length - 1, to));
}

function useVirtual<T>(
  scroller: { current: HTMLDivElement | null },
  items: readonly T[],
  height: number | ((index: number) => number),
): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const size = typeof height === "number" ? () => height : height;
  const options = {
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: size,
    overscan: 8,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const kept = useRef<Virtualizer<HTMLDivElement, Element> | undefined>(undefined);
  kept.current ??= new Virtualizer(options);
  const virtual = kept.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => {
    virtual.measure();
  }, [virtual, items]);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
}
