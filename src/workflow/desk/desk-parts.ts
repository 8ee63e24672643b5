/** What the answers of the dashboard are made from. */
import type { Config } from '../../config/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { WorkBook } from '../../work/index.ts';
import type { WorkspaceFolders } from '../folders.ts';
import type { ScoringService } from '../serving/service.ts';

export interface DeskParts {
  readonly config: Config;
  /** The pack with the settings of the configuration laid over its own. */
  readonly pack: Pack;
  readonly folders: WorkspaceFolders;
  /** A session of its own; its database, and with it all views, is shared with the queue. */
  readonly engine: Engine;
  readonly lake: Lake;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly service: ScoringService;
  readonly work: WorkBook;
}
