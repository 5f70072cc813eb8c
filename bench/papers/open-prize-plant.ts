import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { randomFrom, type Random } from '../../src/core/random';
import type { LabelledRows } from './judged';
import { scaledBy, seriesOf } from './nab-data';

/**
 * A plant of five tags in which a network has something to learn: two operating modes, a season of 400 rows, a load that wanders over
 * thousands of rows, a rhythm of about 30 rows whose speed follows the load, products and squares of tags, and a lag.
 */
export const tags = ['flow', 'pressure', 'temperature', 'power', 'vibration'] as const;
const c = tags.length;

export const faultKinds = ['sensor drift', 'decoupled', 'stuck', 'level shift', 'dynamics'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault extends LabelledRows {
  readonly kind: FaultKind;
  readonly tag: number;
  /** +1 or −1. */
  readonly sign: number;
}

export interface OpenPrizePlant {
  readonly train: PreparedSeries;
  /** Two segments of equal length and with equal faults: as trained, and with a slow drift of two tags on top. */
  readonly test: PreparedSeries;
  /** In both segments, ascending. */
  readonly faults: readonly Fault[];
}

const NOISE = 0.08;
/** Each kind twice; the first after a span of normal rows. */
const FAULTS_A_KIND = 2;
const FAULT_EVERY = 800;
const FIRST_FAULT = 500;
export const testRows = FIRST_FAULT + FAULTS_A_KIND * faultKinds.length * FAULT_EVERY;
/** Level shift, end of a sensor's drift, and end of the plant's own slow drift, in standard deviations of the tag. */
const [SHIFT, DRIFT, SLOW_DRIFT] = [0.5, 1, 0.4];
/** Tags that drift slowly, as a heat exchanger fouls. */
const SLOW_TAGS = [2, 3];
/** Lag of the temperature in rows, and how much faster it and the rhythm become when the dynamics change. */
const [LAG, FASTER] = [40, { lag: 4, rhythm: 1.35 }];

/** @param seed - draws everything. @param trainRows - normal rows; fewer are the beginning of more, before the same test. */
export function openPrizePlant(seed: number, trainRows: number): OpenPrizePlant {
  const random = randomFrom(seed).fork('open prize');
  const train = simulate(trainRows, random.fork('train'), []);
  const faults = drawFaults(random.fork('faults'));
  const clean = simulate(testRows, random.fork('test'), faults);
  const other = simulate(testRows, random.fork('another run'), []);
  const columns = tags.map((_, j) => train.map((row) => row[j]!));
  const deviations = columns.map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  });
  const noise = random.fork('stuck noise');
  for (const fault of faults) spoil(clean, other, fault, deviations, noise);
  const drifting = clean.map((row, t) =>
    row.map((value, j) => value + (SLOW_TAGS.includes(j) ? (SLOW_DRIFT * deviations[j]! * t) / testRows : 0)),
  );
  const values = scaledBy([...train, ...clean, ...drifting], { start: 0, end: trainRows });
  const part = (from: number, to: number): Float32Array => values.slice(from * c, to * c);
  return {
    train: seriesOf(part(0, trainRows), tags, [{ start: 0, end: trainRows }]),
    test: seriesOf(part(trainRows, trainRows + 2 * testRows), tags, [
      { start: 0, end: testRows },
      { start: testRows, end: 2 * testRows },
    ]),
    faults: [0, testRows].flatMap((from) =>
      faults.map((fault) => ({ ...fault, start: from + fault.start, end: from + fault.end })),
    ),
  };
}

/** Every kind equally often, in random order, 60 to 119 rows each. */
function drawFaults(random: Random): Fault[] {
  const order = random.permutation(FAULTS_A_KIND * faultKinds.length);
  return Array.from(order, (place, i) => {
    const start = FIRST_FAULT + i * FAULT_EVERY + random.int(100);
    return {
      ...{ start, end: start + 60 + random.int(60) },
      ...{ kind: faultKinds[place % faultKinds.length]!, tag: random.int(c), sign: random.int(2) === 0 ? 1 : -1 },
    };
  });
}

/** Rows of all tags. Faults of the dynamics happen inside the plant, all others are of a sensor (`spoil`). */
function simulate(rows: number, random: Random, faults: readonly Fault[]): number[][] {
  const [modes, wander, noise] = ['modes', 'load', 'noise'].map((name) => random.fork(name)) as [Random, Random, Random];
  let mode = modes.int(2) === 0 ? 1 : -1;
  let level = mode;
  let load = 0.5 * wander.normal();
  let temperature = 0;
  let phase = modes.next();
  const season = modes.next();
  return Array.from({ length: rows }, (_, t) => {
    const odd = faults.some(({ kind, start, end }) => kind === 'dynamics' && t >= start && t < end);
    if (modes.next() < 1 / 500) mode = -mode;
    level += (mode - level) / 15;
    load += -load / 2000 + 0.5 * Math.sqrt(2 / 2000) * wander.normal();
    const demand = 0.6 * level + 0.5 * Math.sin(2 * Math.PI * (t / 400 + season)) + load;
    phase += ((1 + 0.2 * Math.tanh(demand)) * (odd ? FASTER.rhythm : 1)) / 30;
    const wave = (shift: number): number => Math.sin(2 * Math.PI * phase + shift);
    const flow = Math.tanh(demand) + 0.4 * wave(0);
    temperature += (Math.tanh(1.5 * flow) - temperature) / (odd ? LAG / FASTER.lag : LAG);
    const pressure = 0.7 * flow ** 2 + 0.3 * wave(1);
    const power = flow * (1 + 0.5 * temperature) + 0.2 * level * pressure;
    const vibration = (0.3 + 0.3 * Math.abs(demand)) * wave(2);
    return [flow, pressure, temperature, power, vibration].map((value) => value + NOISE * noise.normal());
  });
}

/** What a fault does to the tag that is read. @param other - rows of a run of the same plant at another time. */
function spoil(rows: number[][], other: readonly number[][], fault: Fault, deviations: readonly number[], noise: Random): void {
  const { start, end, kind, tag, sign } = fault;
  const held = rows[start]![tag]!;
  for (let t = start; t < end; t++) {
    const row = rows[t]!;
    const deviation = sign * deviations[tag]!;
    if (kind === 'sensor drift') row[tag] = row[tag]! + (DRIFT * deviation * (t - start)) / (end - start);
    if (kind === 'level shift') row[tag] = row[tag]! + SHIFT * deviation;
    if (kind === 'decoupled') row[tag] = other[t]![tag]!;
    if (kind === 'stuck') row[tag] = held + NOISE * noise.normal();
  }
}
