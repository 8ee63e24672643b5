/** Words by which columns and values are recognised. Names are compared by their words, see `wordsOf`. */
import { wordsOf } from '../kernel/index.ts';

/** Texts that stand for a missing value wherever they are met, lower case. */
export const MISSING_WORDS = [
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'nil',
  '?',
  '-',
  '--',
  '.',
  'missing',
  'not available',
  'undefined',
  '(blank)',
  '<na>',
] as const;

/** Texts that mean missing in a column of numbers or dates, and may be a level of a category. */
export const DOUBTFUL_WORDS = ['none', 'unknown', 'other', 'not known', 'not specified'] as const;

/** Names of the column that says who left, most telling first. */
const TARGET_NAMES = [
  /^(is |has |customer |target |y )?(churn|churned)( flag| label| value| indicator| yn| status)?$/,
  /^(exited|attrition|attrition flag|attrited|left|has left|is left|cancelled|canceled|is cancelled|is canceled)$/,
  /\b(churn|churned|churner)\b/,
  /\b(attrition|attrited|exited|cancelled|canceled|terminated|defected|unsubscribed|lapsed)\b/,
  /^(target|label|y|class|outcome|customer status|status|retained|active|is active)$/,
] as const;

/** How well a name fits a target: 0 for the best, null for not at all. */
export function targetRank(name: string): number | null {
  const at = TARGET_NAMES.findIndex((pattern) => pattern.test(wordsOf(name)));
  return at === -1 ? null : at;
}

const LEAVING =
  /\b(churn|churned|churner|attrit\w*|left|leave|leaver|leaving|exited|cancel\w*|lapsed|terminat\w*|defected|gone|lost|quit|unsubscribed|closed|deactivated|ended)\b/;
const STAYING =
  /\b(stay|stayed|stayer|retain\w*|existing|active|current|loyal|renewed|keep|kept|remain\w*|open|subscribed)\b/;
const YES = /^(1|1 0|yes|y|true|t|ja|oui|si|sim)$/;
const NO = /^(0|0 0|1 negative|no|n|false|f|nein|non|nao)$/;

/** What a value of a target says: gone, still there, or neither. */
export function meaningOf(value: string): 'positive' | 'negative' | null {
  const words = /^-\s*[0-9]/.test(value.trim()) ? `${wordsOf(value)} negative` : wordsOf(value);
  if (YES.test(words)) return 'positive';
  if (NO.test(words)) return 'negative';
  const denied = /^(no|not|non|never|without|un)\b/.test(words);
  if (LEAVING.test(words)) return denied ? 'negative' : 'positive';
  if (STAYING.test(words)) return denied ? 'positive' : 'negative';
  return null;
}

/** Whether a target is named after those who stay, so that `yes` means that nothing happened. */
export const namesStayers = (name: string): boolean =>
  STAYING.test(wordsOf(name)) && !LEAVING.test(wordsOf(name));

const AFTER_NAMES =
  /\b(churn|churned|attrition|attrited|cancel\w*|cancellation|exit|exited|leaving|leave|left|termination|terminated|closure|lapse|unsubscri\w+|deactivat\w+)\b/;
const AFTER_DETAILS =
  /\b(reason|category|date|day|time|month|year|score|label|value|flag|type|status|risk|probability|prediction|at|on|comment|survey|classifier|notes?)\b/;

/**
 * Whether a name says that the column is about the leaving itself. `certain`: a reason, date or score of it;
 * `possible`: a status or an end that may be one.
 */
export function afterTheFact(name: string): 'certain' | 'possible' | null {
  const words = wordsOf(name);
  if (AFTER_NAMES.test(words)) {
    if (/\b(days|months|weeks|years) (to|until|since|left)\b/.test(words)) return 'possible';
    const bare = /^(is |has |customer )?(churn|churned|attrition|attrited|exited|cancelled|canceled)( \w+)?$/;
    return AFTER_DETAILS.test(words) || bare.test(words) ? 'certain' : 'possible';
  }
  if (/\b(reason|score)\b.*\b(leav|churn|cancel)/.test(words)) return 'certain';
  return /\b(customer|account|subscription|contract|service|membership|policy) (status|state|end|ended|closed|end date)\b/.test(
    words,
  ) || /^(status|end date|ended|closed|reason|outcome|prediction|predicted|label|target)$/.test(words)
    ? 'possible'
    : null;
}

/** How well a name fits the key of a customer: 0 for the best, null for not at all. */
export function keyRank(name: string): number | null {
  const words = wordsOf(name);
  if (
    /\b(customer|client|user|subscri\w+|member|account|party|policy|cust|msisdn)\b.*\b(id|no|number|key|num|nr|code|ref|uuid|guid)\b/.test(
      words,
    )
  )
    return 0;
  if (
    /^(customer|client|subscri\w+|user|member|account|acct|cust|msisdn|customer ref|uuid|guid|id)$/.test(
      words,
    )
  )
    return 1;
  if (/\b(id|uuid|guid|key)$/.test(words) || /^id\b/.test(words)) return 2;
  if (/\b(row|line|record|index|serial|unnamed)\b/.test(words)) return 4;
  return /\b(number|no|nr|num|ref|reference|phone|email|mail)\b/.test(words) ? 3 : null;
}

/** Whether digits under this name stand for something instead of counting it. */
export const namesCode = (name: string): boolean =>
  /\b(zip|postal|postcode|post code|zipcode|phone|telephone|mobil\w+|msisdn|code|ssn|iban|id)\b/.test(
    wordsOf(name),
  );

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/\b(minutes|mins|minute|min usage|mou)\b/, 'minutes'],
  [/\b(hours|hrs)\b/, 'hours'],
  [/\b(seconds|secs|sec)\b/, 'seconds'],
  [/\b(gb|gigs?|gigabytes?)\b/, 'GB'],
  [/\bmb\b/, 'MB'],
  [/\b(mbps|mbit)\b/, 'Mbit/s'],
  [/\b(km|kilomet\w+)\b/, 'km'],
  [/\b(miles)\b/, 'miles'],
  [/\b(percent|percentage|pct|ratio|share)\b/, 'share'],
  [/\b(days)\b|\bage in days\b/, 'days'],
  [/\b(weeks)\b/, 'weeks'],
  [/\b(months|tenure|mths)\b/, 'months'],
  [/\b(years?|age|yrs)\b/, 'years'],
  [
    /\b(calls|count|number|num|no of|visits|logins|messages|sms|tickets|complaints|orders|products|lines|dependents|referrals|transactions|devices)\b/,
    'count',
  ],
];

const MONEY =
  /\b(charges?|price|fee|fees|revenue|bill|billing|amount|amt|cost|spend|spending|balance|salary|income|arpu|mrr|payment|premium|refunds?|cltv|clv|debt|limit|rent|usd|eur|gbp)\b/;

/** The unit that a name states, `money` for amounts of it. */
export function unitOf(name: string): string | null {
  const words = wordsOf(name);
  const counted = UNITS.find(([pattern]) => pattern.test(words))?.[1];
  if (MONEY.test(words) && counted !== 'share') return 'money';
  return counted ?? null;
}

export const namesDate = (name: string): boolean =>
  /\b(date|day|dob|birth|birthday|since|joined|signup|activation|start|end|at|on|time|timestamp|last|first)\b/.test(
    wordsOf(name),
  );
