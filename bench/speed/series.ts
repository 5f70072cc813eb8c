import { readFileSync } from 'node:fs';
import { randomFrom } from '../../src/core/random';

/** A series with a daily rhythm of 48 samples, a weekly one and noise, as a taxi count has it; mean 0 and spread 1, roughly. */
export function nabLike(rows: number): Float32Array {
  const random = randomFrom(1);
  return Float32Array.from({ length: rows }, (_, i) => {
    const day = Math.sin((2 * Math.PI * i) / 48) + 0.4 * Math.sin((4 * Math.PI * i) / 48 + 1);
    return day * (i % 336 < 240 ? 1 : 0.6) + 0.15 * random.normal();
  });
}

/** The second column of a CSV file as standard scores. @throws Error when a value is not a number. */
export function scaledColumn(path: string): Float32Array {
  const raw = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  const mean = raw.reduce((sum, x) => sum + x, 0) / raw.length;
  const std = Math.sqrt(raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / raw.length);
  if (!(std > 0)) throw new Error(`${path}: the second column must hold numbers that differ.`);
  return Float32Array.from(raw, (x) => (x - mean) / std);
}
