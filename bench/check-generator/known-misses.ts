/** Why a bar is missed, for those misses that are understood; the report says it beside the figure. */

const REASONS: Readonly<Record<string, string>> = {
  '30 days, test: lift in the top decile':
    "the company's leavers are spread further down the ranking: its model catches fewer of them in the top decile at the same AUC. Ceases that nothing foretells would lower the lift, and push the AUC below its own bar.",
  'seconds (the published range)':
    'nine tenths of the rows are daily use, whose text fields are written at about two million rows a processor second; two cores of their own are needed.',
};

export const reasonOfMiss = (name: string): string =>
  REASONS[name] ?? 'not looked into: on less than the documented scale, chance is the first thing to suspect';
