/** From the scores of two models to the verdicts, by the rules of the shipped packs. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { bootstrapBinary, uniformNumbers } from '../../src/domain/index.ts';
import { type ComparedModel, compareModels } from '../../src/evaluate/index.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import {
  comparisonTerms,
  type GateEvidence,
  judge,
  judgeChampion,
  passedProduction,
  passedStaging,
  smokeEvidence,
} from '../../src/registry/index.ts';

const ROWS = 4000;
const uniform = uniformNumbers(9);
const truth = Float64Array.from({ length: ROWS }, () => 8 * uniform() - 6);
const rows = {
  labels: Uint8Array.from(truth, (score) => (uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0)),
  entities: Uint32Array.from(truth, (_, row) => row >> 1),
};

/** What is known, with noise on it; probabilities are right where there is none. */
function model(noise: number): ComparedModel {
  const rawScores = truth.map((score) => score + noise * (uniform() - 0.5));
  return { rawScores, probabilities: rawScores.map((score) => 1 / (1 + Math.exp(-score))), threshold: 0.35 };
}

const good = model(0.5);
const bad = model(16);

function evidence(
  { file: { promotion, evaluation } }: Pack,
  challenger: ComparedModel,
  champion: ComparedModel,
) {
  const metricsOf = ({ threshold = 0.5, ...scores }: ComparedModel) =>
    bootstrapBinary({ ...rows, ...scores }, { threshold, resamples: 20 });
  const found: GateEvidence = {
    hasChampion: true,
    championUnusable: null,
    horizons: [
      {
        horizonDays: 30,
        test: metricsOf(challenger),
        championTest: metricsOf(champion),
        isUnchanged: false,
        comparison: compareModels({
          rows,
          challenger,
          champion,
          segments: [{ segment: 'half', valueOf: (row) => (row % 2 === 0 ? 'even' : 'odd') }],
          terms: comparisonTerms(promotion),
          resamples: promotion.resamples,
          options: { campaign: evaluation.campaign, seed: 1 },
          least: evaluation.segment_least,
        }),
        skew: { rows: 10, largestDifference: 0 },
        rowsLeftOut: 0,
      },
    ],
    smoke: smokeEvidence([challenger.probabilities.slice(0, 10)]),
    singleRowMs: 1.5,
  };
  return found;
}

test.each(['broadband', 'telco-snapshot'])(
  'by the rules of the pack %s the better model takes the place of the worse, and not the other way round',
  async (name) => {
    const pack = await loadPack(path.join(import.meta.dirname, '../../packs', name));
    const won = judge(evidence(pack, good, bad), pack.file);
    expect(won.filter(({ passed }) => !passed)).toEqual([]);
    expect(passedProduction(won)).toBe(true);

    const all = evidence(pack, bad, good);
    const lost = judge(all, pack.file);
    expect(passedStaging(lost)).toBe(false);
    expect(new Set(lost.filter(({ passed }) => !passed).map(({ gate }) => gate))).toEqual(
      new Set(['threshold', 'better', 'confidence', 'segment']),
    );
    expect(judgeChampion(all, pack.file).every(({ passed }) => passed)).toBe(true);
    // A registry keeps evidence as a file.
    expect(judge(JSON.parse(JSON.stringify(all)) as GateEvidence, pack.file)).toEqual(lost);
  },
);
