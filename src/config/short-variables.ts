/**
 * Variables by the short names that containers of a server are given: `MODEL_DIR`, `MAX_BATCH_SIZE`, `RED_THRESHOLD`.
 * They are common words, so only what asks for them reads them, and a variable that begins with HOLDFAST_ wins.
 */
import type { Pack } from '../pack/index.ts';
import type { Entry } from './entry.ts';
import { SETTING_KEYS, settingOf, upperSnake } from './settings.ts';

/** The entries of short variables; a threshold is one only where the pack has a tier of that name. */
export function shortVariableEntries(
  environment: Readonly<Record<string, string | undefined>>,
  pack: Pack,
): Entry[] {
  const entry = (name: string, found: Pick<Entry, 'key' | 'member'>): Entry[] => {
    const value = environment[name];
    if (value === undefined || value === '') return [];
    return [
      {
        ...found,
        value,
        isText: true,
        folder: '.',
        origin: { layer: 'variable', where: name },
        place: { field: name },
      },
    ];
  };
  const ofSettings = SETTING_KEYS.flatMap((key) => {
    const setting = settingOf(key);
    const name = setting.kind === 'one' ? setting.shortVariable : undefined;
    return name === undefined ? [] : entry(name, { key });
  });
  const ofTiers = pack.file.tiers.ladder.flatMap((tier) =>
    entry(`${upperSnake(tier.name)}_THRESHOLD`, { key: 'tiers.thresholds', member: tier.name }),
  );
  return [...ofSettings, ...ofTiers];
}
