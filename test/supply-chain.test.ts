import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Record<string, string>;
}
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const lock = read('package-lock.json') as { packages: Record<string, LockEntry> };
const manifest = read('package.json') as { dependencies: Record<string, string>; devDependencies: Record<string, string> };

describe('supply chain', () => {
  it('has an integrity hash for every entry of the lock file', () => {
    const without = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.integrity?.startsWith('sha512-'));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('holds the packages of every platform, not of this computer alone', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('takes nothing from git or a bare address', () => {
    const foreign = Object.values(lock.packages).filter((entry) => /^(git|http:)/.test(entry.resolved ?? ''));
    expect(foreign).toEqual([]);
  });

  it('names exact versions', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, v]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(v),
    );
    expect(loose).toEqual([]);
  });
});
