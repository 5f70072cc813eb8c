import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { randomFrom, type Random } from '../../src/core/random';

/**
 * The four-sines plant: anomalies that stay inside the range of normal values, so that only what learned the rhythm finds them.
 *
 * Frequency f_t = (1/24)·(1 + 0.15·sin(2πt/900)) cycles a row; channel j = 0.7·sin(2π·Σf + 0.8·j) + N(0, 0.05²). In the test part an
 * anomaly every 600 rows from row 300 on, 40 to 89 rows long, of three kinds drawn at random: one channel's phase shifted by π·U(0.6, 1.4);
 * all channels 2.5 times faster; one channel stuck at its value with its noise going on.
 */
export interface FourSines {
  /** Scaled to mean 0 and standard deviation 1 of the training rows. */
  readonly train: PreparedSeries;
  readonly test: PreparedSeries;
  /** [rows of test] 1 anomaly, 0 normal. */
  readonly truth: Uint8Array;
}

const CHANNELS = 4;
const NOISE = 0.05;
const KINDS = ['phase', 'faster', 'stuck'] as const;

interface Anomaly {
  readonly start: number;
  readonly end: number;
  readonly kind: (typeof KINDS)[number];
  readonly channel: number;
  /** Radians. */
  readonly shift: number;
}

export function fourSinesPlant(seed: number, trainRows = 40_000, testRows = 20_000): FourSines {
  const random = randomFrom(seed).fork('four sines');
  const frequency = (t: number): number => (1 / 24) * (1 + 0.15 * Math.sin((2 * Math.PI * t) / 900));
  const normal = (phase: number, j: number): number => 0.7 * Math.sin(2 * Math.PI * phase + 0.8 * j);

  const draw = random.fork('anomalies');
  const truth = new Uint8Array(testRows);
  const anomalies: Anomaly[] = [];
  for (let start = 300; start < testRows; start += 600) {
    const end = Math.min(testRows, start + 40 + draw.int(50));
    truth.fill(1, start, end);
    const kind = KINDS[draw.int(KINDS.length)]!;
    anomalies.push({ start, end, kind, channel: draw.int(CHANNELS), shift: Math.PI * (0.6 + 0.8 * draw.next()) });
  }

  const rows = (count: number, from: number, noise: Random, faults: readonly Anomaly[]): Float64Array => {
    const values = new Float64Array(count * CHANNELS);
    let phase = 0;
    for (let t = 0; t < from; t++) phase += frequency(t);
    let next = 0;
    const held = new Float64Array(CHANNELS);
    for (let row = 0; row < count; row++) {
      while (next < faults.length && row >= faults[next]!.end) next++;
      const fault = faults[next] && row >= faults[next]!.start ? faults[next]! : null;
      phase += frequency(from + row) * (fault?.kind === 'faster' ? 2.5 : 1);
      for (let j = 0; j < CHANNELS; j++) {
        const own = fault?.channel === j ? fault : null;
        const shift = own?.kind === 'phase' ? own.shift / (2 * Math.PI) : 0;
        if (own?.kind !== 'stuck') held[j] = normal(phase + shift, j);
        values[row * CHANNELS + j] = held[j]! + NOISE * noise.normal();
      }
    }
    return values;
  };
  const train = rows(trainRows, 0, random.fork('train noise'), []);
  const test = rows(testRows, trainRows, random.fork('test noise'), anomalies);
  const scale = Array.from({ length: CHANNELS }, (_, j) => {
    const own = train.filter((_, i) => i % CHANNELS === j);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return { mean, std: Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length) };
  });
  const prepared = (values: Float64Array): PreparedSeries => ({
    timestamps: Float64Array.from({ length: values.length / CHANNELS }, (_, row) => 60_000 * row),
    values: Float32Array.from(values, (value, i) => (value - scale[i % CHANNELS]!.mean) / scale[i % CHANNELS]!.std),
    channels: Array.from({ length: CHANNELS }, (_, j) => `sine ${j + 1}`),
    segments: [{ start: 0, end: values.length / CHANNELS }],
    stepMs: 60_000,
  });
  return { train: prepared(train), test: prepared(test), truth };
}
