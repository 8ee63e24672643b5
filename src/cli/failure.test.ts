import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { asHoldfastError } from './failure.ts';

it.each([
  ['EACCES', 'may not be read or written'],
  ['EPERM', 'does not allow'],
  ['EROFS', 'can only be read'],
  ['ENOSPC', 'is full'],
])('what the file system refuses with %s is no internal fault, and has its path', (code, says) => {
  const refused = Object.assign(new Error(`${code}: mkdir`), { code, path: '/data/lake' });
  expect(asHoldfastError(refused)).toMatchObject({
    code: 'HF108',
    message: expect.stringContaining(says) as string,
    place: { file: '/data/lake' },
  });
});

it('an error of another kind stays an internal fault', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-failure-'));
  await rm(folder, { recursive: true });
  const missing: unknown = await readdir(folder).catch((error: unknown) => error);
  expect(asHoldfastError(missing)).toMatchObject({ code: 'HF900' });
});
