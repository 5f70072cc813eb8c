import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentsOf } from '../../src/core/metrics/segments';
import type { PreparedSeries, Segment } from '../../src/core/prepare/prepared';
import { randomFrom } from '../../src/core/random';
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
/** Tags whose level wanders; its slope, in units of the noise, changes at random every so many rows. */
const drifting = 3;
const slopeRows = 200;
const slopes = { train: 0.004, later: 0.012 } as const;

/**
 * A plant of six tags: autoregressive noise and a wave each, three with levels that wander three times as fast after training as in it, and
 * events of one or two tags, at once or within 20 or 60 rows, after which the tags return.
 *
 * @param spread - lets the noise of every tag grow or shrink as well, by half to twice.
 */
export function generatedPlant(seed: number, spread: boolean): Plant {
  const random = randomFrom(seed).fork('drift plant');
  const events: Segment[] = [];
  for (let at = trainRows + 250 + random.int(150); at < rows - 300;) {
    const length = 60 + random.int(340);
    events.push({ start: at, end: Math.min(rows - 150, at + length) });
    at += length + 200 + random.int(300);
  }
  const columns = Array.from({ length: tags }, (_, j) => {
    const memory = [0, 0.5, 0.8, 0.9][random.int(4)]!;
    const period = 40 + 160 * random.next();
    const wave = 0.8 * random.next();
    let noise = 0;
    let level = 0;
    let slope = 0;
    let growth = 0;
    let size = 0;
    return Float64Array.from({ length: rows }, (_row, i) => {
      noise = memory * noise + Math.sqrt(1 - memory ** 2) * random.normal();
      if (j < drifting) {
        if (i % slopeRows === 0) slope = (2 * random.next() - 1) * (i < trainRows ? slopes.train : slopes.later);
        level += slope;
      }
      if (spread && i >= trainRows) {
        if (i % (2 * slopeRows) === 0) growth = (random.next() - 0.35) * 0.0012;
        size = Math.min(Math.log(2), Math.max(-Math.log(2), size + growth));
      }
      return noise * Math.exp(size) + wave * Math.sin((2 * Math.PI * i) / period) + level;
    });
  });
  for (const { start, end } of events) {
    const onset = [1, 20, 60][random.int(3)]!;
    for (let k = 1 + random.int(2); k > 0; k--) {
      const column = columns[random.int(tags)]!;
      const height = (random.next() < 0.5 ? -1 : 1) * (2 + 4 * random.next());
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
