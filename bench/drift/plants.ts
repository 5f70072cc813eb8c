import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentsOf } from '../../src/core/metrics/segments';
import type { PreparedSeries, Segment } from '../../src/core/prepare/prepared';
import { randomFrom, type Random } from '../../src/core/random';
import { scaledBy, seriesOf } from '../papers/nab-data';

/** Scaled by its first rows, which train; events are half-open. */
export interface Plant {
  readonly series: PreparedSeries;
  readonly trainRows: number;
  readonly events: readonly Segment[];
}

const tags = 6;
const rows = 4000;
const trainRows = 1000;

/**
 * A plant of six tags: autoregressive noise and a wave each, levels that wander, and events of one or two tags, at once or within 20 or 60
 * rows, after which the tags return. Plants differ in what a real one may be like: half or all of the tags drift, each at its own rate; the
 * rate changes steadily or in fits and starts, and is up to three times as large after training; drifting tags are as noisy as others or
 * smooth, as temperatures are; events show in any tag or in those that hardly drift. Heights are 1 to 6 standard deviations of the tag's
 * training rows, lengths 40 to 600 rows.
 *
 * @param spread - lets the noise of every tag grow or shrink as well, by half to twice.
 */
export function generatedPlant(seed: number, spread: boolean): Plant {
  const random = randomFrom(seed).fork('drift plant');
  const either = (): boolean => random.next() < 0.5;
  const [allDrift, uneven, smooth, eventsAnywhere] = [either(), either(), either(), either()];
  const faster = 1 + 2 * random.next();
  const drifts = (j: number): boolean => allDrift || j < tags / 2;
  const events: Segment[] = [];
  for (let at = trainRows + 250 + random.int(150); at < rows - 300;) {
    const length = Math.round(40 * 15 ** random.next());
    events.push({ start: at, end: Math.min(rows - 150, at + length) });
    at += length + 200 + random.int(300);
  }
  const columns = Array.from({ length: tags }, (_, j) => {
    const level = wander(random, drifts(j) ? 0.001 * 10 ** random.next() : 0.0003 * random.next(), faster, uneven);
    const size = drifts(j) && smooth ? 10 ** -random.next() : 1;
    const memory = [0, 0.5, 0.8, 0.9][random.int(4)]!;
    const period = 40 + 160 * random.next();
    const wave = 0.8 * random.next();
    let noise = 0;
    let growth = 0;
    let grown = 0;
    return Float64Array.from(level, (height, i) => {
      noise = memory * noise + Math.sqrt(1 - memory ** 2) * random.normal();
      if (spread && i >= trainRows) {
        if (i % 400 === 0) growth = (random.next() - 0.35) * 0.0012;
        grown = Math.min(Math.log(2), Math.max(-Math.log(2), grown + growth));
      }
      return size * (noise * Math.exp(grown) + wave * Math.sin((2 * Math.PI * i) / period)) + height;
    });
  });
  const still = columns.filter((_, j) => !drifts(j));
  const hit = eventsAnywhere || still.length === 0 ? columns : still;
  const deviations = new Map(columns.map((column) => [column, deviationOf(column.subarray(0, trainRows))]));
  for (const { start, end } of events) {
    const onset = [1, 20, 60][random.int(3)]!;
    for (let k = 1 + random.int(2); k > 0; k--) {
      const column = hit[random.int(hit.length)]!;
      const height = (either() ? -1 : 1) * (1 + 5 * random.next()) * deviations.get(column)!;
      for (let i = start; i < end; i++) column[i]! += height * Math.min(1, (i - start + 1) / onset);
    }
  }
  return plantOf(
    Array.from({ length: rows }, (_, i) => columns.map((column) => column[i]!)),
    columns.map((_, j) => `tag ${j + 1}`),
    trainRows,
    events,
  );
}

/** A level whose slope is drawn anew every 200 rows, or, uneven, after 20 to 200 rows and now and then much larger. */
function wander(random: Random, rate: number, faster: number, uneven: boolean): Float64Array {
  let level = 0;
  let slope = 0;
  let next = 0;
  return Float64Array.from({ length: rows }, (_, i) => {
    if (i === next) {
      next += uneven ? 20 + random.int(180) : 200;
      const size = uneven ? 0.6 * random.normal() * Math.exp(1.2 * random.normal() - 0.7) : 2 * random.next() - 1;
      slope = size * rate * (i < trainRows ? 1 : faster);
    }
    return (level += slope);
  });
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
}

export const skabFiles = Array.from({ length: 16 }, (_, i) => i);

/** One experiment of SKAB valve1 by its own protocol: the first 400 rows, all normal, train. */
export function skabPlant(folder: string, file: number): Plant {
  const [head, ...lines] = readFileSync(join(folder, 'skab/valve1', `${file}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = head!.split(';');
  const measured = names.filter((name) => !['datetime', 'anomaly', 'changepoint'].includes(name));
  const cells = lines.map((line) => line.split(';'));
  const values = cells.map((row) => measured.map((name) => Number(row[names.indexOf(name)])));
  const truth = Uint8Array.from(cells, (row) => Number(row[names.indexOf('anomaly')]));
  const events = segmentsOf(truth).map(({ start, end }) => ({ start, end: end + 1 }));
  return plantOf(values, measured, 400, events);
}

function plantOf(
  values: readonly (readonly number[])[],
  names: readonly string[],
  train: number,
  events: readonly Segment[],
): Plant {
  const scaled = scaledBy(values, { start: 0, end: train });
  return { series: seriesOf(scaled, names, [{ start: 0, end: values.length }]), trainRows: train, events };
}
