/** What rebuilding works with, for packs with dates and without. */
import type { Engine } from '../engine/index.ts';
import type { Progress } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Difference } from './compare.ts';
import type { Finding } from './finding.ts';
import { defineBronze, type Perturbation } from './perturb.ts';
import type { TimelessPool } from './static.ts';
import type { World, WorldParts } from './world.ts';

export interface RebuildParts extends WorldParts {
  /** Makes the pack's tables and its features in the other engine, from its bronze views. */
  readonly rebuild: (engine: Engine) => Promise<void>;
  /** Observation dates to rebuild; none for an undated pack. */
  readonly dates: readonly string[];
  readonly pools: readonly TimelessPool[];
  readonly progress?: Progress;
}

export interface Rebuilt {
  readonly findings: readonly Finding[];
  readonly dates: readonly string[];
  readonly entities: number;
  readonly rebuilds: number;
  /** What could not be looked at, said rather than passed over. */
  readonly notes: readonly string[];
}

/** One raw table as another SELECT. */
export interface ReplacedTable {
  readonly table: string;
  readonly select: string;
}

/** A world whose features can be built again and again. */
export interface Workbench {
  readonly world: World;
  readonly pack: Pack;
  readonly rebuilds: number;
  rebuild(other?: Perturbation | ReplacedTable): Promise<void>;
}

export function openBench(parts: RebuildParts, world: World): Workbench {
  const { scratch, pack } = parts;
  let rebuilds = 0;
  return {
    world,
    pack,
    get rebuilds() {
      return rebuilds;
    },
    async rebuild(other) {
      const isReplaced = other !== undefined && 'select' in other;
      await defineBronze(world, isReplaced ? undefined : other);
      if (isReplaced)
        await scratch.execute(
          `CREATE OR REPLACE VIEW bronze.${scratch.identifier(other.table.slice('bronze.'.length))} AS ${other.select}`,
        );
      await parts.rebuild(scratch);
      rebuilds += 1;
    },
  };
}

export const exampleText = ({ example }: Difference): string =>
  `; for example ${example.entity}: ${example.value} becomes ${example.instead}`;
