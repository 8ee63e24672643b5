import type { Origin, SettledValue } from '../../config/index.ts';
import { HoldfastError, nearestWord } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable } from '../format.ts';

export const command: CommandModule = {
  name: 'config show',
  summary: 'print every setting and where it comes from',
  description:
    'Prints each setting with its value and its origin: built in, pack, workspace file, environment section, variable or flag.',
  arguments: [{ name: '[keys...]', help: 'only these keys, or groups of keys such as learner' }],
  examples: [
    { command: 'config show', explains: 'all settings' },
    { command: 'config show tiers --env prod', explains: 'what the tiers are in production' },
  ],
  async run(session, input) {
    const { config, settled } = await session.resolve();
    const chosen = choose(settled, input.arguments);
    return {
      data: {
        pack: config.pack,
        settings: Object.fromEntries(
          chosen.map(([key, { value, origin }]) => [key, { value: value ?? null, ...origin }]),
        ),
      },
      text: formatTable(
        ['setting', 'value', 'from'],
        chosen.map(([key, { value, origin }]) => [key, shown(value), describe(origin)]),
      ),
    };
  },
};

function choose(
  settled: Readonly<Record<string, SettledValue>>,
  wanted: readonly string[],
): [string, SettledValue][] {
  const keys = Object.keys(settled);
  for (const word of wanted) {
    if (keys.some((key) => isBelow(key, word))) continue;
    const groups = keys.map((key) => key.split('.').slice(0, -1).join('.')).filter((group) => group !== '');
    const nearest = nearestWord(word, [...keys, ...groups]);
    throw new HoldfastError('HF102', {
      message: `there is no setting ${word}`,
      hint: nearest === undefined ? 'leave the key out to see all' : `did you mean ${nearest}?`,
    });
  }
  return Object.entries(settled).filter(
    ([key]) => wanted.length === 0 || wanted.some((word) => isBelow(key, word)),
  );
}

function isBelow(key: string, word: string): boolean {
  return key === word || key.startsWith(`${word}.`);
}

/** Settings are shown as they are written, without grouped digits; --json has long texts in full. */
function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

function describe({ layer, where }: Origin): string {
  return layer === 'default' ? where : `${layer}: ${where}`;
}
