/** Ends and ticks of axes that people can read. */

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Evenly spaced round numbers from 0 to the first that holds `highest`, about `wanted` of them. */
export function niceTicks(highest: number, wanted = 4): number[] {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, tick) => Number((tick * step).toPrecision(12)));
}
