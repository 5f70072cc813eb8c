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

/** Hidden movements that the tags of a plant follow. */
const HIDDEN = 5;

/**
 * Rows of a plant in its normal state: tags are mixtures of five hidden movements, each a slow one that forgets within some hundred rows, with noise
 * of each tag's own. Mean 0 and spread about 1.
 *
 * @returns [rows, channels]
 */
export function plantRows(rows: number, channels: number): Float32Array {
  const random = randomFrom(1);
  const mixing = Float64Array.from({ length: HIDDEN * channels }, () => random.normal() / Math.sqrt(HIDDEN));
  const hidden = new Float64Array(HIDDEN);
  const values = new Float32Array(rows * channels);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < HIDDEN; i++) hidden[i] = 0.99 * hidden[i]! + Math.sqrt(1 - 0.99 ** 2) * random.normal();
    for (let j = 0; j < channels; j++) {
      let sum = 0.3 * random.normal();
      for (let i = 0; i < HIDDEN; i++) sum += mixing[i * channels + j]! * hidden[i]!;
      values[at++] = sum;
    }
  }
  return values;
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
