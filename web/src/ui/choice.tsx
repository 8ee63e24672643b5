import { Link } from '@tanstack/react-router';
import classes from './choice.module.css';

interface ChoiceProps {
  readonly label: string;
  /** The parameter of the address that holds what is chosen. */
  readonly parameter: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
}

/** One of a few ways to look at something, kept in the address: Back leads to the one before. */
export function Choice({ label, parameter, options, value }: ChoiceProps) {
  return (
    <nav className={classes['choice']} aria-label={label}>
      {options.map((option) => (
        <Link
          key={option.value}
          to="."
          search={(before) => ({ ...before, [parameter]: option.value })}
          resetScroll={false}
          className={classes['option'] ?? ''}
          aria-current={option.value === value ? 'true' : undefined}
        >
          {option.label}
        </Link>
      ))}
    </nav>
  );
}
