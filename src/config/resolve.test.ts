import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { resolveConfig, type ConfigSources, type ResolvedConfig } from './index.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'holdfast-config-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

interface Given {
  readonly file?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, string>>;
}

async function resolved({ file, variables, set }: Given = {}): Promise<ResolvedConfig> {
  if (file !== undefined) await writeFile(join(workspace, 'holdfast.yaml'), file);
  const sources: ConfigSources = {
    environment: { HOLDFAST_WORKSPACE: workspace, PATH: '/bin', ...variables },
    flags: Object.entries(set ?? {}).map(([key, value]) => ({ key, value, flag: '--set' })),
  };
  return resolveConfig(sources);
}

async function failure(given: Given): Promise<HoldfastError> {
  const error: unknown = await resolved(given).catch((thrown: unknown) => thrown);
  if (error instanceof HoldfastError) return error;
  throw new Error('the configuration was accepted');
}

describe('resolveConfig', () => {
  it('needs nothing but the defaults', async () => {
    const { config, settled } = await resolveConfig();
    expect(config.workspace).toBe(join(process.cwd(), 'workspace'));
    expect(config.state).toBe(join(process.cwd(), 'workspace', 'state'));
    expect(config.pack).toMatch(/packs[\\/]broadband$/);
    expect(config.engine).toEqual({ memory_limit: '2GB', threads: 0 });
    expect(config.environment).toBeUndefined();
    expect(config.learner.parameters['num_leaves']).toBe(63);
    expect(settled['engine.memory_limit']?.origin.layer).toBe('default');
    expect(settled['learner.rounds']?.origin.layer).toBe('pack');
  });

  it('lets each layer win over the one before it', async () => {
    const file = `engine:
  threads: 1
  memory_limit: 3GB
learner:
  rounds: 100
  seed: 1
  parameters:
    num_leaves: 15
environments:
  prod:
    learner:
      rounds: 200
      seed: 2
      parameters:
        max_depth: 3
  dev:
    learner:
      rounds: 7
`;
    const { config, settled } = await resolved({
      file,
      variables: { HOLDFAST_ENV: 'prod', HOLDFAST_LEARNER_SEED: '3', HOLDFAST_ENGINE_THREADS: '2' },
      set: { 'engine.threads': '4' },
    });
    expect(config.environment).toBe('prod');
    expect(config.engine).toEqual({ memory_limit: '3GB', threads: 4 });
    expect(config.learner.rounds).toBe(200);
    expect(config.learner.seed).toBe(3);
    expect(config.learner.parameters).toMatchObject({ num_leaves: 15, max_depth: 3, learning_rate: 0.05 });
    expect(settled['engine.memory_limit']?.origin).toEqual({
      layer: 'file',
      where: `${join(workspace, 'holdfast.yaml')}:3`,
    });
    expect(settled['learner.rounds']?.origin.where).toMatch(/holdfast\.yaml:12 \(environments\.prod\)$/);
    expect(settled['learner.seed']?.origin).toEqual({ layer: 'variable', where: 'HOLDFAST_LEARNER_SEED' });
    expect(settled['engine.threads']?.origin).toEqual({ layer: 'flag', where: '--set' });
    expect(settled['learner.parameters.num_leaves']?.origin.layer).toBe('file');
    expect(settled['learner.parameters.learning_rate']?.origin.layer).toBe('pack');
  });

  it('overrides tiers, lists and value member by member', async () => {
    const { config } = await resolved({
      file: 'tiers: { basis: capacity, thresholds: { RED: 0.7 } }\nlists: { capacities: { loyalty: 500 } }\n',
      variables: { HOLDFAST_TIERS_CAPACITIES_AMBER: '300', HOLDFAST_LISTS_CAPACITIES_CUSTOMER_SUCCESS: '9' },
      set: { 'value.offer_cost': '12.5' },
    });
    expect(config.tiers.basis).toBe('capacity');
    expect(config.tiers.ladder.map((tier) => [tier.name, tier.threshold, tier.capacity])).toEqual([
      ['RED', 0.7, undefined],
      ['AMBER', 0.5, 300],
      ['YELLOW', 0.5, undefined],
    ]);
    expect(config.lists['loyalty']?.capacity).toBe(500);
    expect(config.lists['customer_success']?.capacity).toBe(9);
    expect(config.value.offer_cost).toBe(12.5);
  });

  it('takes a path of the file relative to the file, and a pack by its folder', async () => {
    await mkdir(join(workspace, 'lib'));
    const { config } = await resolved({
      file: `state: elsewhere\nlearner: { library: lib/lib_lightgbm.so }\npack: ${join(
        import.meta.dirname,
        '../../packs/broadband',
      )}\n`,
    });
    expect(config.state).toBe(join(workspace, 'elsewhere'));
    expect(config.learner.library).toBe(join(workspace, 'lib/lib_lightgbm.so'));
  });

  it('reads the variable of the native library and ignores what Kubernetes adds', async () => {
    const { config } = await resolved({
      variables: {
        HOLDFAST_LIGHTGBM_LIBRARY: '/opt/lib_lightgbm.so',
        HOLDFAST_SERVICE_HOST: '10.0.0.1',
        HOLDFAST_PORT_80_TCP_ADDR: '10.0.0.1',
        HOLDFAST_API_PORT: 'tcp://10.0.0.1:80',
        HOLDFAST_PACK: '',
      },
    });
    expect(config.learner.library).toBe('/opt/lib_lightgbm.so');
  });

  it('takes user, password and token of a server apart from what is shown', async () => {
    const variables = {
      HOLDFAST_MLFLOW_URI: 'https://us%40er:hu%3Ash@mlflow.example:5000/base',
      HOLDFAST_MLFLOW_TOKEN: 's3cret',
    };
    const { secrets, ...shown } = await resolved({ variables });
    expect(shown.config.mlflow).toEqual({ uri: 'https://mlflow.example:5000/base', experiment: 'holdfast' });
    expect(shown.settled['mlflow.uri']).toEqual({
      value: 'https://mlflow.example:5000/base',
      origin: { layer: 'variable', where: 'HOLDFAST_MLFLOW_URI' },
    });
    expect(secrets.mlflow).toEqual({ token: 's3cret', credentials: 'us@er:hu:sh' });
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|hu:sh|hu%3Ash/);
  });

  it('has no server and no secrets where none is named', async () => {
    const { config, secrets } = await resolved({ variables: { HOLDFAST_MLFLOW_TOKEN: '' } });
    expect(config.mlflow).toEqual({ uri: undefined, experiment: 'holdfast' });
    expect(secrets).toEqual({
      mlflow: { token: undefined, credentials: undefined },
      redis: { url: undefined },
      postgres: { url: undefined },
    });
  });

  it('shows addresses of stores without the passwords that the secrets keep', async () => {
    const variables = {
      HOLDFAST_REDIS_URL: 'rediss://:hu%3Ash@cache:6379/2',
      HOLDFAST_POSTGRES_URL: 'postgresql://us%40er:hu%3Ash@database/churn?sslmode=require',
    };
    const { secrets, ...shown } = await resolved({ variables });
    expect(shown.config.redis).toEqual({ url: 'rediss://cache:6379/2' });
    expect(shown.config.postgres).toEqual({
      url: 'postgresql://database/churn?sslmode=require',
      queue_rows: 10_000,
    });
    expect(secrets).toMatchObject({
      redis: { url: variables.HOLDFAST_REDIS_URL },
      postgres: { url: variables.HOLDFAST_POSTGRES_URL },
    });
    expect(JSON.stringify(shown)).not.toMatch(/hu:sh|hu%3Ash/);
  });

  it('reads the database of a container only for a server', async () => {
    const variables = { DATABASE_URL: 'postgres://database/churn' };
    expect((await resolved({ variables })).config.postgres.url).toBeUndefined();
  });

  it('freezes the result', async () => {
    const { config } = await resolved();
    expect(Object.isFrozen(config.learner.parameters)).toBe(true);
  });

  it('accepts an empty file and an empty section', async () => {
    const { config } = await resolved({ file: 'environments:\n  prod:\n', set: { env: 'prod' } });
    expect(config.environment).toBe('prod');
  });
});

describe('resolveConfig refuses', () => {
  it.each([
    {
      name: 'an unknown key of the file, with line and nearest key',
      given: { file: 'engine:\n  thread: 2\n' },
      code: 'HF102',
      message: /engine\.thread is unknown/,
      hint: /did you mean engine\.threads\?/,
      line: 2,
    },
    {
      name: 'an unknown key of a section',
      given: { file: 'environments:\n  prod:\n    leaner: {}\n' },
      code: 'HF102',
      message: /leaner is unknown/,
      hint: /config show/,
      line: 3,
    },
    {
      name: 'an unknown section',
      given: { file: 'environments:\n  production: {}\n' },
      code: 'HF102',
      message: /environments\.production is unknown/,
      hint: /environments\.prod\?|config show/,
      line: 2,
    },
    {
      name: 'a value of the wrong type',
      given: { file: 'engine:\n  threads: many\n' },
      code: 'HF103',
      message: /engine\.threads cannot be read: expected a number, found "many"/,
      hint: /threads of the SQL engine/,
      line: 2,
    },
    {
      name: 'a fraction where a whole number is expected',
      given: { set: { 'learner.rounds': '1.5' } },
      code: 'HF103',
      message: /learner\.rounds cannot be read: expected a whole number, found 1\.5/,
    },
    {
      name: 'a size without a unit',
      given: { variables: { HOLDFAST_ENGINE_MEMORY_LIMIT: '2' } },
      code: 'HF103',
      message: /expected a size such as 2GB or 512MB/,
      field: 'HOLDFAST_ENGINE_MEMORY_LIMIT',
    },
    {
      name: 'a password in the query of an address, without showing it',
      given: { variables: { HOLDFAST_POSTGRES_URL: 'postgresql://database/churn?password=hush' } },
      code: 'HF103',
      message: /^(?!.*hush).*postgres\.url cannot be read/,
    },
    {
      name: 'an address of another kind of store',
      given: { variables: { HOLDFAST_REDIS_URL: 'http://:hush@cache:6379' } },
      code: 'HF103',
      message: /^(?!.*hush).*expected an address such as redis:/,
    },
    {
      name: 'an unknown variable',
      given: { variables: { HOLDFAST_WORKSPACES: '/tmp' } },
      code: 'HF102',
      message: /HOLDFAST_WORKSPACES is no setting/,
      hint: /did you mean HOLDFAST_WORKSPACE\?/,
    },
    {
      name: 'an unknown key of a flag',
      given: { set: { 'learner.round': '5' } },
      code: 'HF102',
      message: /learner\.round is unknown/,
      hint: /did you mean learner\.rounds\?/,
      field: '--set',
    },
    {
      name: 'an unknown environment',
      given: { variables: { HOLDFAST_ENV: 'production' } },
      code: 'HF103',
      message: /expected one of dev, staging, prod, found "production"/,
    },
    {
      name: 'a tier that the pack does not have',
      given: { set: { 'tiers.thresholds.REDD': '0.5' } },
      code: 'HF102',
      message: /names a tier that the pack does not have/,
      hint: /did you mean RED\?/,
    },
    {
      name: 'the workspace in the workspace file',
      given: { file: 'workspace: /tmp\n' },
      code: 'HF102',
      message: /workspace cannot be set in the workspace file/,
      line: 1,
    },
    {
      name: 'a list instead of a mapping',
      given: { file: '- engine\n' },
      code: 'HF103',
      message: /expected a mapping/,
    },
    {
      name: 'a text instead of a mapping',
      given: { file: 'engine: fast\n' },
      code: 'HF103',
      message: /expected a mapping/,
      line: 1,
    },
    {
      name: 'a pack that does not come with Holdfast',
      given: { set: { pack: 'broadbent' } },
      code: 'HF105',
      message: /no pack named broadbent/,
      hint: /did you mean broadband\?/,
    },
    {
      name: 'an address that is none of the web, without showing it',
      given: { variables: { HOLDFAST_MLFLOW_URI: 'sqlite://me:hush@mlflow.db' } },
      code: 'HF103',
      message: /^mlflow\.uri cannot be read: expected an http or https address such as [^@]*$/,
      hint: /address of an MLflow server/,
      field: 'HOLDFAST_MLFLOW_URI',
    },
    {
      name: 'a secret in the file',
      given: { file: 'mlflow:\n  token: s3cret\n' },
      code: 'HF102',
      message: /^mlflow\.token is a secret and no setting$/,
      hint: /HOLDFAST_MLFLOW_TOKEN/,
      line: 2,
    },
    {
      name: 'a secret in a flag',
      given: { set: { 'mlflow.token': 's3cret' } },
      code: 'HF102',
      message: /^mlflow\.token is a secret and no setting$/,
      hint: /HOLDFAST_MLFLOW_TOKEN/,
      field: '--set',
    },
    {
      name: 'a misspelt variable of a secret, with the nearest',
      given: { variables: { HOLDFAST_MLFLOW_TOKN: 's3cret' } },
      code: 'HF102',
      message: /HOLDFAST_MLFLOW_TOKN is no setting/,
      hint: /did you mean HOLDFAST_MLFLOW_TOKEN\?/,
    },
    {
      name: 'a file that is not YAML',
      given: { file: 'engine: [\n' },
      code: 'HF104',
      message: /not valid YAML/,
    },
  ] as const)('$name', async (expected) => {
    const error = await failure(expected.given);
    expect(error.message).toMatch(expected.message);
    expect(error.code).toBe(expected.code);
    if ('hint' in expected) expect(error.hint).toMatch(expected.hint);
    if ('line' in expected) expect(error.place?.line).toBe(expected.line);
    if ('field' in expected) expect(error.place?.field).toBe(expected.field);
  });
});
