/** An explanation as people read it. */
import type { EntityExplanation } from '../workflow/index.ts';
import { counted, formatCell, formatTable } from './format.ts';

/** Features shown without `--all`. */
const SHOWN = 10;

/** Who it is, the chances, the reasons and the contributions. */
export function explanationText(
  explanation: EntityExplanation,
  { entityName, all }: { readonly entityName: string; readonly all: boolean },
): string {
  const { explained } = explanation;
  return [
    headText(explanation, entityName),
    chancesText(explanation),
    `Why, by the model for ${String(explained.days)} days:\n${reasonsText(explanation)}`,
    contributionsText(explanation, all),
  ].join('\n\n');
}

/** The second opinion, or why there is none. */
export function secondOpinionText({
  fit,
  leastFit,
  samples,
  weights,
}: NonNullable<EntityExplanation['lime']>): string {
  const fitted = `its line explains ${percent(Math.max(0, fit))} of what the model does on ${counted(samples, 'row')} around this one`;
  if (weights === undefined)
    return `Second opinion (LIME): refused, since ${fitted}, and below ${percent(leastFit)} its weights say little. The contributions above are exact.`;
  const rows = weights
    .slice(0, SHOWN)
    .map(({ feature, condition, weight }) => [feature, condition, rounded(weight)]);
  return `Second opinion (LIME): ${fitted}.\n${formatTable(['feature', 'value is', 'weight'], rows)}`;
}

function headText(
  { entity, observationDate, atRisk, scored, modelSet }: EntityExplanation,
  name: string,
): string {
  const who = `${name.charAt(0).toUpperCase()}${name.slice(1)} ${entity} at ${observationDate}`;
  if (atRisk === false)
    return `${who}: not at risk, since an event is open; neither scored nor contacted. The models would say:`;
  if (scored === null) return `${who}: not scored. Model set ${String(modelSet)} says:`;
  const other =
    scored.modelSet === modelSet
      ? ''
      : `, scored with model set ${String(scored.modelSet)}; model set ${String(modelSet)}, in use now, says:`;
  return `${who}: ${scored.tier}${other}`;
}

function chancesText({ horizons }: EntityExplanation): string {
  return formatTable(
    ['horizon', 'probability', 'base rate', 'risk score', 'decile'],
    horizons.map(({ days, probability, baseRate, riskScore, decile }) => [
      `${String(days)} days`,
      percent(probability),
      percent(baseRate),
      rounded(riskScore),
      decile,
    ]),
  );
}

function reasonsText({ explained: { reasons } }: EntityExplanation): string {
  if (reasons.length === 0) return 'nothing that the pack has words for raises the score';
  return formatTable(
    ['', 'reason', 'because', 'raises by', 'what to do'],
    reasons.map(({ text, label, value, unit, contribution, intervention }, index) => [
      `${String(index + 1)}.`,
      text,
      `${label}: ${withUnit(value, unit)}`,
      rounded(contribution),
      intervention,
    ]),
  );
}

function contributionsText({ explained }: EntityExplanation, all: boolean): string {
  const { contributions, baseValue, sum } = explained;
  const shown = all ? contributions : contributions.slice(0, SHOWN);
  const folded = contributions.slice(shown.length);
  const rest = folded.reduce((total, { contribution }) => total + contribution, 0);
  return formatTable(
    ['feature', 'meaning', 'value', 'contribution'],
    [
      ...shown.map(({ feature, label, value, unit, contribution }) => [
        feature,
        label,
        withUnit(value, unit),
        rounded(contribution),
      ]),
      ...(folded.length === 0
        ? []
        : [['', `${String(folded.length)} weaker ones (--all shows them)`, '', rounded(rest)]]),
      ['', 'base value', '', rounded(baseValue)],
      ['', 'sum = raw score', '', rounded(sum)],
    ],
  );
}

/** A value with a unit that is more than a kind of number. */
function withUnit(value: unknown, unit: string | null): string {
  const text = formatCell(value);
  return value === null || unit === null || unit === 'count' || unit === 'share' ? text : `${text} ${unit}`;
}

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`;

/** Three decimals: more would suggest that a caller should compare them. */
const rounded = (value: number): number => Number(value.toFixed(3));
