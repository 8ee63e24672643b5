/** Documents that lead where they say. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFiles, ROOT, textOfFile } from './tree.ts';

const DOCUMENTS = repositoryFiles().filter((file) => file.endsWith('.md'));

/** The text outside of fenced code. */
const prose = (file: string): string => textOfFile(file).replaceAll(/^(```|~~~)[\s\S]*?^\1.*$/gm, '');

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(file: string): Set<string> {
  const headings = [...prose(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The links of a document that stay in the repository and lead nowhere. */
function brokenLinks(file: string): string[] {
  const targets = [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [name = '', anchor] = target.split('#');
    const linked = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
    if (!existsSync(path.join(ROOT, linked))) return true;
    return anchor !== undefined && linked.endsWith('.md') && !anchorsOf(linked).has(anchor);
  });
}

describe('documents', () => {
  it.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/README.md'])(
    '%s is there',
    (file) => {
      expect(DOCUMENTS).toContain(file);
    },
  );

  it.each(DOCUMENTS)('%s has links that lead somewhere', (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s begins with its one title', (file) => {
    expect([...prose(file).matchAll(/^# /gm)]).toHaveLength(1);
  });

  it('of docs/ are all reached from its index', () => {
    const index = textOfFile('docs/README.md');
    const pages = DOCUMENTS.filter((file) => file.startsWith('docs/') && file !== 'docs/README.md');
    expect(pages.filter((file) => !index.includes(`](${file.slice('docs/'.length)})`))).toEqual([]);
  });
});

describe('decision records', () => {
  const records = DOCUMENTS.filter((file) => file.startsWith('docs/adr/'));

  it('are numbered from 1 without a gap', () => {
    const numbers = records.map((file) => Number(/^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
    expect(numbers).toEqual(records.map((_, index) => index + 1));
  });

  it.each(records)('%s carries its number, a status and its reasons', (file) => {
    const text = textOfFile(file);
    expect(text).toMatch(new RegExp(`^# ${String(Number(file.slice(9, 13)))}\\. `));
    expect(text).toMatch(/^Status: (proposed|accepted|superseded by \[\d+\]\(\d{4}-[a-z0-9-]+\.md\))$/m);
    for (const part of ['Context', 'Decision', 'Consequences']) expect(text).toContain(`\n## ${part}\n`);
  });
});
