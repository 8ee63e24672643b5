/** Inputs of a what-if: what a text in a field stands for, and whether the contract of the features takes it. */
import type { FeatureFacts } from '../../../../src/desk/contract.ts';
import { featureValue } from '../../ui/format.ts';
import type { Draft } from './what-if-address.ts';

/** Null where it is not known. */
export type InputValue = string | number | null;
export type Inputs = Readonly<Record<string, InputValue>>;

export type CheckedInput = { readonly value: InputValue } | { readonly problem: string };

/** Digits with one decimal point at most; no exponent, no grouping, no hexadecimal. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** Digits that a field shows of a measured number; what is sent is the number itself. */
const SHOWN_DIGITS = 7;

/** What a text stands for, or why the contract does not take it. */
export function readInput(feature: FeatureFacts, text: string): CheckedInput {
  const trimmed = text.trim();
  if (trimmed === '')
    return feature.is_nullable ? { value: null } : { problem: 'A value is needed here: it is always known.' };
  if (feature.type === 'categorical') return { value: trimmed };
  if (!DECIMAL.test(trimmed.replace('−', '-')))
    return { problem: 'This is not a number, such as 12 or 0.5.' };
  return checkedNumber(feature, Number(trimmed.replace('−', '-')));
}

/** The same of a value that stands already: that of a start may be outside of the contract, too. */
export function checkValue(feature: FeatureFacts, value: InputValue): CheckedInput {
  if (value === null) return readInput(feature, '');
  return typeof value === 'number' ? checkedNumber(feature, value) : { value };
}

function checkedNumber(feature: FeatureFacts, value: number): CheckedInput {
  const { lowest, highest, unit } = feature;
  if (feature.is_integer && !Number.isInteger(value))
    return { problem: 'Only whole numbers are possible here.' };
  if (lowest !== null && value < lowest)
    return { problem: `Too low: ${featureValue(lowest, unit)} is the lowest that the model takes.` };
  if (highest !== null && value > highest)
    return { problem: `Too high: ${featureValue(highest, unit)} is the highest that the model takes.` };
  return { value };
}

/** A value as its field shows it. */
export const inputText = (value: InputValue | undefined): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'number'
      ? String(Number.isInteger(value) ? value : Number(value.toPrecision(SHOWN_DIGITS)))
      : value;

/** `0 to 200 Mbit/s`, as far as the contract says it. */
export function boundsText({
  lowest,
  highest,
  unit,
  type,
}: Pick<FeatureFacts, 'lowest' | 'highest' | 'unit' | 'type'>): string {
  if (type === 'categorical') return '';
  // A share is typed as it is held, and shown in percent elsewhere.
  if (unit === 'share')
    return [boundsText({ lowest, highest, unit: null, type }), '0.5 is 50 %'].filter(Boolean).join('; ');
  if (lowest !== null && highest !== null) return `${featureValue(lowest)} to ${featureValue(highest, unit)}`;
  if (lowest !== null) return `${featureValue(lowest, unit)} or more`;
  return highest === null ? (unit ?? '') : `${featureValue(highest, unit)} or less`;
}

/** What nobody is known of: nothing, or where the contract wants a value the one that is nearest to nothing. */
export const blankInputs = (features: readonly FeatureFacts[]): Inputs =>
  Object.fromEntries(features.map((feature) => [feature.name, blankValue(feature)]));

function blankValue({ is_nullable, type, categories, lowest, highest }: FeatureFacts): InputValue {
  if (is_nullable) return null;
  if (type === 'categorical') return categories[0] ?? '';
  return Math.min(Math.max(0, lowest ?? 0), highest ?? 0);
}

/** A start that stands in an address with its values. */
export const inputsOfTexts = (features: readonly FeatureFacts[], texts: Draft): Inputs =>
  Object.fromEntries(
    features.map(({ name, type }) => {
      const text = texts[name] ?? '';
      if (text === '') return [name, null];
      const value = type === 'numeric' ? Number(text) : text;
      return [name, typeof value === 'number' && Number.isNaN(value) ? null : value];
    }),
  );

/** The reverse of it, to the last digit. */
export const textsOfInputs = (inputs: Inputs): Draft =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );

export interface CheckedInputs {
  /** All inputs as the model would take them; one that does not fit is that of the start. */
  readonly inputs: Inputs;
  /** By feature, for those whose text or start does not fit. */
  readonly problems: Readonly<Record<string, string>>;
  /** Texts that say something else than the start, also those that do not fit. */
  readonly changes: Draft;
}

/** Takes the texts of a form over the values that it began with. */
export function applyDraft(features: readonly FeatureFacts[], start: Inputs, draft: Draft): CheckedInputs {
  const inputs: Record<string, InputValue> = {};
  const problems: Record<string, string> = {};
  const changes: Record<string, string> = {};
  for (const feature of features) {
    const { name } = feature;
    const before = start[name] ?? null;
    inputs[name] = before;
    const text = draft[name];
    const isTouched = text !== undefined && text !== inputText(before);
    const checked = isTouched ? readInput(feature, text) : checkValue(feature, before);
    if ('problem' in checked) problems[name] = checked.problem;
    else inputs[name] = checked.value;
    if (isTouched && ('problem' in checked || checked.value !== before)) changes[name] = text.trim();
  }
  return { inputs, problems, changes };
}

export interface InputGroup {
  readonly group: string;
  readonly features: readonly FeatureFacts[];
}

const OTHERS = 'other';

/** By group, both in the order of the contract. */
export function grouped(features: readonly FeatureFacts[]): InputGroup[] {
  const groups = new Map<string, FeatureFacts[]>();
  for (const feature of features) {
    const group = feature.group ?? OTHERS;
    const others = groups.get(group);
    if (others === undefined) groups.set(group, [feature]);
    else others.push(feature);
  }
  return [...groups].map(([group, members]) => ({ group, features: members }));
}
