/** A model set of the tracking server as a set of this workspace. What comes from there is believed in nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HoldfastError } from '../../kernel/index.ts';
import {
  type GivenSet,
  type ModelSet,
  readSetFolder,
  requireContract,
  storeModel,
  storeSet,
  type StoredModel,
} from '../../model/index.ts';
import { TRAINING_TABLE } from '../../prepare/index.ts';
import type { ModelVersion } from '../../tracking/index.ts';
import type { Context } from '../context.ts';
import { checkHorizons } from '../evaluation-checks.ts';
import { requireLink } from '../mlflow/link.ts';
import { setModelName } from '../mlflow/tracked-run.ts';
import type { StepOutcome } from '../steps.ts';
import { probeSet } from './probe.ts';
import { type PromoteOptions, type PromoteResult, promoteStep } from './promote-step.ts';
import { registerSet } from './register-set.ts';

export interface PullOptions extends Pick<PromoteOptions, 'by' | 'why'> {
  /** Default: champion. */
  readonly alias?: string;
  /** Asks the gates at once; needs a training set in the workspace. */
  readonly promote?: boolean;
}

export interface PullResult {
  readonly set: number;
  readonly address: string;
  /** Name and version of the set on the server. */
  readonly name: string;
  readonly version: number;
  readonly promotion: PromoteResult | null;
}

/** More than any set of trees that scores in time. */
const LIMITS = { bytes: 1024 ** 3, entries: 2000 } as const;

/**
 * Downloads the set that an alias of the pack's registered set stands for, checks it, stores it under numbers of this
 * workspace and registers it as challenger. A set that is known by its content is not stored again.
 *
 * @throws HF507 where the alias stands for nothing, HF703 where what is there is damaged or does not answer what it
 *   answered in training, HF504 where it does not fit the pack, HF108 for a promotion without a training set.
 */
export async function pullModels(
  context: Context,
  { alias = 'champion', promote = false, ...author }: PullOptions = {},
): Promise<StepOutcome<PullResult>> {
  const { pack, mlflow, lake, progress } = context;
  const client = requireLink(mlflow).client();
  if (promote && !(await lake.exists(TRAINING_TABLE)))
    throw new HoldfastError('HF108', {
      message: 'there is no training set to judge a set on',
      hint: 'pull without --promote, which registers the set as challenger; with data in the workspace holdfast models promote judges it, with --overrule --why "..." on your word',
    });
  const name = setModelName(pack.file.name);
  const found = await client.versionByAlias(name, alias);
  if (found === undefined)
    throw new HoldfastError('HF507', {
      message: `${client.address} has no ${name}@${alias}`,
      hint: 'push one from the workspace that has it: holdfast models push',
    });
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-pull-'));
  try {
    const task = progress.start(`download ${name} version ${String(found.version)}`);
    const { bytes } = await client.downloadVersion(found, folder, LIMITS);
    task.done(`${String(Math.ceil(bytes / 1024))} kB`);
    const set = await take(context, folder, found, client.address);
    if (promote)
      progress.warn(
        'nobody can tell here which rows the pulled models learnt from: measured on those, they look better than they are',
      );
    const promotion = promote ? await promoteStep(context, { set: set.id, ...author }) : undefined;
    return {
      summary: `${name} version ${String(found.version)} of ${client.address} is set ${String(set.id)}${promotion === undefined ? ', a challenger' : `; ${promotion.summary}`}`,
      result: {
        set: set.id,
        address: client.address,
        name,
        version: found.version,
        promotion: promotion?.result ?? null,
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Checks the downloaded folder, and makes it a set of this workspace only if nothing is wrong with it. */
async function take(
  context: Context,
  folder: string,
  { name, version }: ModelVersion,
  address: string,
): Promise<ModelSet> {
  const what = `${name} version ${String(version)} of ${address}`;
  const given = await readSetFolder(folder).catch((error: unknown) => {
    throw notUsable(what, error);
  });
  const asSet = {
    id: version,
    versions: {},
    contentHashes: {},
    contractHash: contractOf(given, what),
    packHash: given.packHash,
    hash: given.hash,
  } satisfies ModelSet;
  requireContract(asSet, context.pack);
  checkHorizons({ set: asSet, models: given.models }, context.pack.file.horizons);
  for (const model of given.models) requireKnownFeatures(context, model, what);
  await requireSameAnswers(context, given, asSet, what);
  const stored: StoredModel[] = [];
  for (const model of given.models) {
    const { name: _name, version: _version, contentHash, provenance, ...content } = model;
    const own = await storeModel(context.folders.models, content, provenance);
    stored.push(own);
    if (own.contentHash !== contentHash)
      context.progress.warn(
        `${model.name} was written by Holdfast ${provenance.codeVersion}: it is stored with the files for MLflow of this version, and has another content hash`,
      );
  }
  const set = await storeSet(context.folders.models, stored, given.packHash);
  await registerSet(context, set, stored, {
    origin: `pulled from ${address} version ${String(version)}`,
  });
  return set;
}

function contractOf({ models }: GivenSet, what: string): string {
  const contracts = [...new Set(models.map(({ encoding }) => encoding.contractHash))];
  const [contract] = contracts;
  if (contract !== undefined && contracts.length === 1) return contract;
  throw notUsable(
    what,
    new HoldfastError('HF503', { message: 'its models have different feature contracts' }),
  );
}

/** The hash of the contract is what the folder says of itself; the features are what is read. */
function requireKnownFeatures({ pack }: Context, { encoding, lineage }: StoredModel, what: string): void {
  const unknown = encoding.features.find(
    ({ name, type, outlierOf }) =>
      outlierOf === undefined && !(Object.hasOwn(pack.features, name) && pack.features[name]?.type === type),
  );
  if (unknown === undefined && lineage.packName === pack.file.name) return;
  throw new HoldfastError('HF504', {
    message:
      unknown === undefined
        ? `${what} is of the pack ${lineage.packName}, not of ${pack.file.name}`
        : `${what} reads ${unknown.name}, which is no such feature of the pack`,
    hint: 'use the pack that the set was trained with',
  });
}

/** Loads every model by its learner's strict reader, and compares what it says with what it said in training. */
async function requireSameAnswers(
  context: Context,
  { models }: GivenSet,
  set: ModelSet,
  what: string,
): Promise<void> {
  const { skew, smoke } = await probeSet(context, { set, models }).catch((error: unknown) => {
    throw notUsable(what, error);
  });
  const differs = skew.some(({ rows, largestDifference }) => rows > 0 && largestDifference !== 0);
  if (!differs && smoke.notFinite + smoke.outside + smoke.incoherent === 0) return;
  throw notUsable(
    what,
    new HoldfastError('HF503', { message: 'a model does not answer what it answered in training' }),
  );
}

/** HF703; what is wrong with this machine (a missing library) or was interrupted stays what it is. */
function notUsable(what: string, error: unknown): unknown {
  if (!(error instanceof HoldfastError) || !['HF503', 'HF502', 'HF207'].includes(error.code)) return error;
  const file = error.place?.file;
  return new HoldfastError('HF703', {
    message: `${what} cannot be used: ${error.message}${file === undefined ? '' : ` (${path.basename(path.dirname(file))}/${path.basename(file)})`}`,
    hint: 'push the set again from the workspace that trained it, and look who else may write to the server',
    cause: error,
  });
}
