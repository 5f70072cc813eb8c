import { randomFrom, type Random } from '../../src/core/random';
import { fitTail, quantileOf } from '../../src/core/thresholds/tail';

/**
 * Simulation behind note 0011: a tail fit at 0.999 to held-out scores of the training, to the unlabelled calibration part, and the lower of
 * the two. Shown are exceedances per 1,000 normal rows of a test part (wanted: 1), median and 10 to 90 % of 60 repetitions. Seeded.
 */
const repetitions = 60;
const rows = { heldOut: 4000, calibration: 2000, test: 20_000 } as const;

interface Scenario {
  readonly title: string;
  /** Factors on the scores; share of calibration rows in one unlabelled fault 3 above. */
  readonly heldOut: number;
  readonly calibration: number;
  readonly test: number;
  readonly faults: number;
}

const same = { heldOut: 1, calibration: 1, test: 1, faults: 0 };
const scenarios: readonly Scenario[] = [
  { ...same, title: 'all alike' },
  { ...same, title: 'held-out scores 1.3 times too large', heldOut: 1.3 },
  { ...same, title: 'an unlabelled fault in 1 % of the calibration part', faults: 0.01 },
  { ...same, title: 'both of these', heldOut: 1.3, faults: 0.01 },
  { ...same, title: 'calibration part calmer, 0.85', calibration: 0.85 },
  { ...same, title: 'machine moved since training, 1.2', calibration: 1.2, test: 1.2 },
];

/** Root mean square of four autoregressive tags: the shape of most scores. */
function scores(n: number, memory: number, factor: number, random: Random): Float32Array {
  const tags = Array.from({ length: 4 }, () => random.normal());
  return Float32Array.from({ length: n }, () => {
    let squares = 0;
    for (let j = 0; j < tags.length; j++) {
      tags[j] = memory * tags[j]! + Math.sqrt(1 - memory * memory) * random.normal();
      squares += tags[j]! ** 2;
    }
    return factor * Math.sqrt(squares / tags.length);
  });
}

export function main(): void {
  const random = randomFrom(9);
  for (const memory of [0, 0.9]) {
    for (const { title, heldOut, calibration, test, faults } of scenarios) {
      const rates: Record<'held out' | 'calibration' | 'lower of both', number[]> = {
        'held out': [],
        calibration: [],
        'lower of both': [],
      };
      for (let k = 0; k < repetitions; k++) {
        const part = scores(rows.calibration, memory, calibration, random);
        for (let i = 0; i < faults * rows.calibration; i++) part[700 + i]! += 3;
        const a = fitTail(scores(rows.heldOut, memory, heldOut, random), 0.999).value;
        const b = fitTail(part, 0.999).value;
        const later = scores(rows.test, memory, test, random);
        const rate = (value: number): number => later.reduce((sum, s) => sum + (s >= value ? 1000 / rows.test : 0), 0);
        rates['held out'].push(rate(a));
        rates.calibration.push(rate(b));
        rates['lower of both'].push(rate(Math.min(a, b)));
      }
      const cells = Object.entries(rates).map(([name, list]) => {
        const sorted = list.sort((x, y) => x - y);
        const at = (q: number): string => quantileOf(sorted, q).toFixed(2);
        return `${name} ${at(0.5)} (${at(0.1)} to ${at(0.9)})`;
      });
      console.log(`memory ${memory}, ${title}: ${cells.join(', ')}`);
    }
  }
}
