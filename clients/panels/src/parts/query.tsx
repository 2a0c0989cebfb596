/** The field at the top of a panel that says what is looked for. */

import type { JSX, Ref } from "preact";

interface Props {
  label: string;
  placeholder: string;
  value: string;
  field?: Ref<HTMLInputElement> | undefined;
  onInput(value: string): void;
  onKeyDown?(event: KeyboardEvent): void;
}

export function Query(props: Props): JSX.Element {
  return (
    <input
      ref={props.field ?? null}
      class="query"
      type="search"
      aria-label={props.label}
      placeholder={props.placeholder}
      value={props.value}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onKeyDown={props.onKeyDown}
    />
  );
}
