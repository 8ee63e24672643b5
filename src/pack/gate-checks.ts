/** Rules about `gates:` and `promotion:` that their schemas cannot say. */
import { type Metric, metricList } from '../domain/index.ts';
import { nearestWord } from '../kernel/index.ts';
import { packError } from './check-schema.ts';
import type { Gate } from './gates-schema.ts';
import type { Pack } from './pack.ts';
import type { KeyPath, YamlFile } from './yaml-file.ts';

/** Throws HF106 for a metric that is not there, and for a limit on the side where it would refuse the better models. */
export function checkGates({ file: { gates, promotion } }: Pick<Pack, 'file'>, pack: YamlFile): void {
  for (const [index, gate] of gates.entries()) {
    const path = ['gates', index];
    const metric = metricNamed(gate.metric, pack, [...path, 'metric']);
    if (gates.findIndex(({ metric: other }) => other === gate.metric) !== index)
      throw packError(
        pack,
        [...path, 'metric'],
        `the metric ${gate.metric} has two gates`,
        'keep one of them',
      );
    checkSides(gate, metric, pack, path);
  }
  const { best } = metricNamed(promotion.metric, pack, ['promotion', 'metric']);
  if (best !== 'highest' && best !== 'lowest')
    throw packError(
      pack,
      ['promotion', 'metric'],
      `${promotion.metric} is best near ${best}, so that a higher value is neither better nor worse`,
      'compare models by a metric such as auc_pr, and put limits of this one into gates',
    );
  if (promotion.rule === 'better' && promotion.margin > 0)
    throw packError(
      pack,
      ['promotion', 'margin'],
      'the rule better has no margin: a model that is worse by any amount is not better',
      'write rule: not_worse, or remove the margin',
    );
}

function checkSides(
  { metric, at_least: least, at_most: most }: Gate,
  { best }: Metric,
  pack: YamlFile,
  path: KeyPath,
): void {
  const wanted = {
    highest: 'at_least',
    lowest: 'at_most',
    zero: 'at_least or at_most',
    one: 'at_least or at_most',
  };
  if (least === undefined && most === undefined)
    throw packError(pack, path, 'a gate has a limit', `give ${wanted[best]} for ${metric}`);
  const wrong = best === 'highest' ? 'at_most' : best === 'lowest' ? 'at_least' : undefined;
  if (wrong !== undefined && (wrong === 'at_most' ? most : least) !== undefined)
    throw packError(
      pack,
      [...path, wrong],
      `${metric} is better the ${best === 'highest' ? 'higher' : 'lower'} it is, and ${wrong} would refuse the better models`,
      `write ${wanted[best]}`,
    );
  if (least !== undefined && most !== undefined && least > most)
    throw packError(
      pack,
      [...path, 'at_most'],
      `no value of ${metric} is at least ${String(least)} and at most ${String(most)}`,
    );
}

function metricNamed(name: string, pack: YamlFile, path: KeyPath): Metric {
  const metrics = metricList();
  const found = metrics.find((metric) => metric.name === name);
  if (found !== undefined) return found;
  const nearest = nearestWord(
    name,
    metrics.map((metric) => metric.name),
  );
  throw packError(
    pack,
    path,
    `the metric ${name} is unknown`,
    nearest === undefined ? 'docs/reference/metrics.md lists the metrics' : `did you mean ${nearest}?`,
  );
}
