/** The directions of ARCHITECTURE.md as rules: an arrow between rooms may only point down. */

/**
 * The rows of rooms, top to bottom. A room may import any room of a lower row. Within its own row it may
 * import what `within` names, and nothing else.
 */
const ROWS = [
  { rooms: ['cli', 'server'], within: { cli: ['server'] } },
  { rooms: ['workflow'] },
  {
    rooms: [
      'ingest',
      'build',
      'profile',
      'init',
      'prepare',
      'train',
      'tune',
      'evaluate',
      'backtest',
      'explain',
      'audit',
      'score',
      'decide',
      'generate',
      'registry',
      'monitor',
      'report',
      'desk',
      'work',
    ],
  },
  {
    rooms: ['engine', 'reader', 'lake', 'learner', 'model', 'store', 'quality', 'tracking'],
    within: {
      reader: ['engine'],
      lake: ['engine'],
      model: ['engine'],
      quality: ['engine', 'lake'],
      tracking: ['store'],
    },
  },
  { rooms: ['pack', 'config'], within: { config: ['pack'] } },
  { rooms: ['domain', 'kernel'], within: { domain: ['kernel'] } },
];

const TEST = '\\.test\\.ts$';
const insideOf = (rooms) => `^src/(?:${rooms.join('|')})/`;

const directions = ROWS.flatMap(({ rooms, within = {} }, row) =>
  rooms.map((room) => {
    const below = ROWS.slice(row + 1).flatMap((lower) => lower.rooms);
    return {
      name: `${room}-imports-downwards`,
      comment: `What ${room} may import stands in ARCHITECTURE.md; move what both need into a lower room.`,
      severity: 'error',
      from: { path: insideOf([room]), pathNot: TEST },
      to: { path: '^src/', pathNot: insideOf([room, ...(within[room] ?? []), ...below]) },
    };
  }),
);

/** Packages and Node modules that one place alone may touch. */
const owned = [
  ['@duckdb/', '^src/engine/duckdb/'],
  ['koffi', '^src/learner/'],
  ['commander|cli-progress|cli-table3', '^src/cli/'],
  ['@observablehq/|linkedom', '^src/report/'],
  ['fastify|@fastify/|prom-client', '^src/server/'],
  ['pino', '^src/cli/service-log'],
  ['iovalkey|pg/', '^src/store/'],
].map(([name, owner]) => ({
  name: `owner-of-${name.replaceAll(/[^a-z|]/g, '').replaceAll('|', '-')}`,
  comment: `Only ${owner.slice(1)} uses this package; everything else uses its door.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [owner, TEST] },
  to: { path: `(?:^|/)node_modules/(?:${name})` },
}));

export default {
  forbidden: [
    {
      name: 'room-is-known',
      comment: 'A new room gets a row in .dependency-cruiser.mjs and a decision record.',
      severity: 'error',
      from: { path: '^src/', pathNot: insideOf(ROWS.flatMap(({ rooms }) => rooms)) },
      to: {},
    },
    ...directions,
    {
      name: 'rooms-have-one-door',
      comment: "A room's index.ts is its only door.",
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: TEST },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'implementations-have-one-door',
      comment: 'What implements a port (engine/duckdb, learner/lightgbm) is entered by its index.ts.',
      severity: 'error',
      from: { path: '^src/(engine|learner)/[^/]+$', pathNot: TEST },
      to: { path: '^src/$1/[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'core-is-pure',
      comment: 'Domain and kernel touch neither disk, network nor processes: hand in what they need.',
      severity: 'error',
      from: { path: insideOf(['domain', 'kernel']), pathNot: TEST },
      to: {
        path: '^(?:node:)?(?:fs|net|http|https|http2|dgram|dns|tls|child_process|worker_threads)(?:/|$)',
      },
    },
    ...owned,
    {
      name: 'no-circles',
      comment: 'Files that import each other cannot be understood one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { path: ['^(?:tests|tools|bench)/', TEST] },
    },
    {
      name: 'dependencies-are-declared',
      comment: 'Product code imports nothing but the dependencies of package.json.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    { name: 'imports-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
