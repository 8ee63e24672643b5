import classes from './dialog.module.css';

export interface Choice {
  readonly key: string;
  readonly value: string;
  readonly label: string;
}

export interface ChoicesProps {
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  /** Takes the focus when the dialog opens. */
  readonly hasFocus?: boolean;
}

/** Radio buttons of which each has a key. */
export function Choices({ legend, name, choices, value, onChange, hasFocus = false }: ChoicesProps) {
  return (
    <fieldset className={classes['choices']}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={classes['choice']}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={value === choice.value}
            data-choice-key={choice.key}
            data-first-focus={(hasFocus && choice.value === (value ?? choices[0]?.value)) || undefined}
            onChange={() => {
              onChange(choice.value);
            }}
          />
          {choice.label}
          <Key>{choice.key}</Key>
        </label>
      ))}
    </fieldset>
  );
}

/** Chooses by key, and takes the focus there, so that Enter records and Tab goes on from it. */
export function chooseByKey(key: string): boolean {
  const input = document.querySelector<HTMLInputElement>(
    `dialog[open] input[data-choice-key="${CSS.escape(key)}"]`,
  );
  if (input === null) return false;
  input.focus();
  input.click();
  return true;
}

/** A key as it stands on the keyboard. */
export function Key({ children }: { readonly children: string }) {
  return (
    <kbd className={classes['key']} aria-hidden="true">
      {children}
    </kbd>
  );
}
