/** Whether the data of today are fit to be scored, in words. */
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { count, day, daysBetween, signed } from '../../ui/format.ts';

/** Sources come monthly at the least: what is older than a month and some days has missed a delivery. */
const FRESH_DAYS = 35;
/** Smaller differences are chance. Values that are there more often than the model is used to do no harm. */
const MISSING_SHARE = 0.05;

export interface Finding {
  /** `fine`, `watch` for what people should look at, `bad` for what makes scores doubtful. */
  readonly state: 'fine' | 'watch' | 'bad';
  readonly title: string;
  readonly text: string;
  /** Where on the page it is shown. */
  readonly anchor: string;
}

/** Freshness, rules and missing values, each by itself. `today` is an instant in milliseconds. */
export const findings = (health: DataHealth, today: number): Finding[] => [
  freshness(health, today),
  rules(health),
  missing(health),
];

/** The answer, and in one sentence why. */
export function answerOf(found: readonly Finding[]): { state: Finding['state']; answer: string } {
  const bad = found.filter(({ state }) => state === 'bad');
  const watched = found.filter(({ state }) => state === 'watch');
  const because = (list: readonly Finding[]): string =>
    list.map(({ text }) => text.charAt(0).toLowerCase() + text.slice(1)).join('; ');
  if (bad.length > 0) return { state: 'bad', answer: `No: ${because(bad)}.` };
  if (watched.length > 0) return { state: 'watch', answer: `Yes, but look at this: ${because(watched)}.` };
  return {
    state: 'fine',
    answer: 'Yes: it is fresh, all rules passed, and no value is missing more often than in training.',
  };
}

function freshness({ observed_to: observedTo, as_of: asOf }: DataHealth, today: number): Finding {
  const shared = { title: 'Fresh?', anchor: 'sources' };
  if (observedTo === null) return { ...shared, state: 'bad', text: 'No data were delivered yet' };
  if (asOf === null) return { ...shared, state: 'bad', text: 'No features were built of the data yet' };
  const behind = daysBetween(asOf, new Date(observedTo).getTime());
  if (behind > FRESH_DAYS)
    return {
      ...shared,
      state: 'watch',
      text: `The newest features are of ${day(asOf)}, ${count(behind)} days behind the data`,
    };
  const age = daysBetween(observedTo, today);
  return {
    ...shared,
    state: age > FRESH_DAYS ? 'watch' : 'fine',
    text: `The last complete day was ${ageText(age)} (${day(observedTo)})`,
  };
}

function rules({ expectations }: DataHealth): Finding {
  const shared = { title: 'Rules passed?', anchor: 'rules' };
  const failed = expectations.filter(({ status }) => status === 'FAIL').length;
  const warned = expectations.filter(({ status }) => status === 'WARN').length;
  const of = `of ${count(expectations.length)} rules`;
  if (failed > 0)
    return { ...shared, state: 'bad', text: `${count(failed)} ${of} failed, and ${count(warned)} warned` };
  if (warned > 0) return { ...shared, state: 'watch', text: `${count(warned)} ${of} warned, none failed` };
  return expectations.length === 0
    ? { ...shared, state: 'watch', text: 'No rule was checked yet' }
    : { ...shared, state: 'fine', text: `All ${count(expectations.length)} passed` };
}

function missing({ features }: DataHealth): Finding {
  const shared = { title: 'Missing values as in training?', anchor: 'missing' };
  const compared = features.filter(({ missing_in_training: before }) => before !== null);
  if (compared.length === 0)
    return { ...shared, state: 'watch', text: 'There is no training to compare missing values with' };
  const more = compared.filter((feature) => (missingDifference(feature) ?? 0) >= MISSING_SHARE);
  const less = compared.filter((feature) => (missingDifference(feature) ?? 0) <= -MISSING_SHARE);
  const [first] = more;
  const lessText = less.length === 0 ? '' : ` (${count(less.length)} are missing less often)`;
  if (first === undefined)
    return { ...shared, state: 'fine', text: `No feature is missing more often than in training${lessText}` };
  const by = points(missingDifference(first));
  return {
    ...shared,
    state: 'watch',
    text:
      more.length === 1
        ? `${first.label} is missing more often than in training (${by})`
        : `${count(more.length)} features are missing more often than in training, most of all ${first.label} (${by})`,
  };
}

/** Null where training has nothing to compare with. */
export const missingDifference = ({
  missing: now,
  missing_in_training: before,
}: DataHealth['features'][number]): number | null => (before === null ? null : now - before);

/** A difference of shares. */
export const points = (difference: number | null): string => {
  if (difference === null) return '—';
  const size = (shown: number): string => shown.toFixed(1);
  // What rounds to nought is none.
  return `${signed(Math.abs(difference) < 0.0005 ? 0 : difference * 100, size)} points`;
};

/** An age in words. */
export function ageText(ageDays: number): string {
  if (ageDays < 1) return 'today';
  if (ageDays === 1) return 'a day ago';
  if (ageDays < 14) return `${String(ageDays)} days ago`;
  if (ageDays < 60) return `${String(Math.round(ageDays / 7))} weeks ago`;
  if (ageDays < 540) return `${String(Math.round(ageDays / 30.4))} months ago`;
  return `${String(Math.round(ageDays / 365.25))} years ago`;
}
