/** What all learners do with the parameters of a task: know them, refuse them, fill in what is missing. */
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { ParameterValue, TrainingTask } from './learner.ts';

/** What a learner says of its parameters. All names but those of `known` are canonical. */
export interface ParameterRules {
  /** As messages name it, such as `LightGBM`. */
  readonly library: string;
  /** Canonical name by name or alias. */
  readonly known: ReadonlyMap<string, string>;
  /** Decided by the task's own fields or for reproducibility; what a pack says about them is passed over. */
  readonly owned: ReadonlySet<string>;
  /** Parameters that may only have these values; none: must be left out. */
  readonly restricted: ReadonlyMap<string, readonly string[]>;
  /** What a parameter is where the task does not give it. */
  readonly defaults: Readonly<Record<string, ParameterValue>>;
}

export interface SettledParameters {
  /** Values as text by canonical name, without those that are owned. */
  readonly settings: Map<string, string>;
  /** The task's own parameters and the defaults it does not give: what a model folder keeps. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * Checks a task's parameters and lays them over the learner's defaults.
 *
 * @throws HF103 for a name that is not known, a parameter given twice or a value that it may not have.
 */
export function settleParameters(
  given: TrainingTask['parameters'],
  { library, known, owned, restricted, defaults }: ParameterRules,
): SettledParameters {
  const settings = new Map<string, string>();
  const spelling = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const canonical = canonicalName(name, known, library);
    const twin = spelling.get(canonical);
    if (twin !== undefined) throw refusal(name, `'${name}' and '${twin}' are the same parameter`, 'keep one');
    spelling.set(canonical, name);
    if (owned.has(canonical)) continue;
    settings.set(canonical, checkedValue(name, String(value), restricted.get(canonical)));
  }
  const missing = Object.entries(defaults).filter(([name]) => !spelling.has(name));
  for (const [name, value] of missing) settings.set(name, String(value));
  return { settings, parameters: { ...Object.fromEntries(missing), ...given } };
}

function canonicalName(name: string, known: ReadonlyMap<string, string>, library: string): string {
  const canonical = known.get(name);
  if (canonical !== undefined) return canonical;
  const near = nearestWord(name, [...known.values()]) ?? nearestWord(name, [...known.keys()]);
  throw refusal(
    name,
    `${library} has no parameter '${name}'`,
    near === undefined ? `use a name of ${library}'s parameter list` : `did you mean '${near}'?`,
  );
}

function checkedValue(name: string, value: string, allowed: readonly string[] | undefined): string {
  if (!/^[^\s=#"']*$/.test(value)) {
    throw refusal(
      name,
      `parameter '${name}' has the value '${value}'`,
      'write it without spaces, quotes, # or =',
    );
  }
  if (allowed !== undefined && value !== '' && !allowed.includes(value)) {
    throw refusal(
      name,
      `parameter '${name}' cannot be '${value}' here`,
      allowed.length === 0 ? 'leave it out' : `use one of: ${allowed.join(', ')}`,
    );
  }
  return value;
}

/** @throws HF103 for anything but a whole number from `least` to 2^31 - 1. */
export function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1) return value;
  throw refusal(name, `'${name}' cannot be ${value}`, `give a whole number of at least ${least}`);
}

/** The error for a parameter that cannot be used (HF103). */
export function refusal(field: string, message: string, hint: string): HoldfastError {
  return new HoldfastError('HF103', { message, hint, place: { field } });
}
