import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileTokens } from './files';

it('gives tokens that cannot be guessed and forgets them on close', async () => {
  const files = createFileTokens();
  const tokens = Array.from({ length: 100 }, () => files.add('/data/a.csv', 'a.csv'));
  expect(new Set(tokens).size).toBe(100);
  expect(tokens[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(files.resolve(tokens[0]!)).toEqual({ path: '/data/a.csv', name: 'a.csv', create: false, temporary: false });
  await files.close();
  expect(() => files.resolve(tokens[0]!)).toThrow('no longer known');
});

it('keeps uploads in a folder of this user alone and removes them', async () => {
  const files = createFileTokens();
  const folder = await files.temporaryFolder();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const path = join(folder, 'upload');
  await writeFile(path, 'x');
  files.add(path, 'data.csv', { temporary: true });
  await files.close();
  expect(existsSync(folder)).toBe(false);
});
