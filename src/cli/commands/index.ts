import type { CommandModule } from '../command.ts';
import { command as auditLeakage } from './audit-leakage.ts';
import { command as backtest } from './backtest.ts';
import { command as build } from './build.ts';
import { command as completion } from './completion.ts';
import { command as configShow } from './config-show.ts';
import { command as demo } from './demo.ts';
import { command as doctor } from './doctor.ts';
import { command as evaluate } from './evaluate.ts';
import { command as explain } from './explain.ts';
import { command as featuresGet } from './features-get.ts';
import { command as generate } from './generate.ts';
import { command as init } from './init.ts';
import { command as ingest } from './ingest.ts';
import { command as keysCreate } from './keys-create.ts';
import { command as keysList } from './keys-list.ts';
import { command as keysRevoke } from './keys-revoke.ts';
import { command as lists } from './lists.ts';
import { command as listsShow } from './lists-show.ts';
import { command as modelsApprove } from './models-approve.ts';
import { command as modelsArchive } from './models-archive.ts';
import { command as modelsCompare } from './models-compare.ts';
import { command as modelsCompose } from './models-compose.ts';
import { command as modelsExport } from './models-export.ts';
import { command as modelsGc } from './models-gc.ts';
import { command as modelsHistory } from './models-history.ts';
import { command as modelsList } from './models-list.ts';
import { command as modelsPromote } from './models-promote.ts';
import { command as modelsPull } from './models-pull.ts';
import { command as modelsPush } from './models-push.ts';
import { command as modelsRollback } from './models-rollback.ts';
import { command as modelsShow } from './models-show.ts';
import { command as modelsVerify } from './models-verify.ts';
import { command as plan } from './plan.ts';
import { command as predictionsPush } from './predictions-push.ts';
import { command as profile } from './profile.ts';
import { command as query } from './query.ts';
import { command as report } from './report.ts';
import { command as run } from './run.ts';
import { command as runs } from './runs.ts';
import { command as score } from './score.ts';
import { command as serve } from './serve.ts';
import { command as tables } from './tables.ts';
import { command as train } from './train.ts';
import { command as tune } from './tune.ts';

/** All commands in the order of the help: the main job, its steps, looking at it, set-up. */
export const COMMANDS: readonly CommandModule[] = [
  demo,
  init,
  profile,
  run,
  ingest,
  build,
  auditLeakage,
  train,
  tune,
  evaluate,
  backtest,
  report,
  modelsList,
  modelsShow,
  modelsHistory,
  modelsCompare,
  modelsCompose,
  modelsPromote,
  modelsApprove,
  modelsRollback,
  modelsArchive,
  modelsPush,
  modelsPull,
  modelsVerify,
  modelsExport,
  modelsGc,
  score,
  lists,
  listsShow,
  explain,
  serve,
  keysCreate,
  keysList,
  keysRevoke,
  predictionsPush,
  plan,
  runs,
  tables,
  query,
  featuresGet,
  generate,
  configShow,
  doctor,
  completion,
];
