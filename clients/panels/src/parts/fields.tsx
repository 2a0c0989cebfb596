/** Labelled fields. */

import type { JSX } from "preact";
import { useId } from "preact/hooks";

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange(value: T): void;
}

export function Select<T extends string>(props: SelectProps<T>): JSX.Element {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as T)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

interface TextProps {
  label: string;
  value: string;
  placeholder?: string;
  onInput(value: string): void;
}

export function Text(props: TextProps): JSX.Element {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        value={props.value}
        placeholder={props.placeholder}
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </span>
  );
}
