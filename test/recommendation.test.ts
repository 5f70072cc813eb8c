import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standings, type Evidence, type Standing } from '../bench/papers/evidence';
import { bestRun, type StoredRun } from '../bench/papers/stored';
import { measured } from '../src/core/detectors/recommendation';

const results = join(import.meta.dirname, '../bench/results');
const resultOf = (suite: string): unknown =>
  bestRun(JSON.parse(readFileSync(join(results, `papers-${suite}.json`), 'utf8')) as StoredRun[])!.result;
const found = standings({ nab: resultOf('nab'), skab: resultOf('skab'), tep: resultOf('tep') } as Evidence);
const standing = (id: string): Standing => found.find((one) => one.id === id)!;

it('quotes the figures that the bench measured', () => {
  for (const [id, { vusPr, eventF1 }] of Object.entries(measured.oneTag)) {
    expect(vusPr, id).toBeCloseTo(standing(id).oneTag!.vusPr, 2);
    expect(eventF1, id).toBeCloseTo(standing(id).oneTag!.eventF1, 2);
  }
  for (const [id, { vusPr, missed }] of Object.entries(measured.manyTags)) {
    expect(vusPr, id).toBeCloseTo(standing(id).rig!.vusPr, 2);
    expect(missed, id).toBeCloseTo(standing(id).plant!.missed, 2);
  }
});

it('recommends what no measured detector is clearly ahead of, by figures without a threshold', () => {
  const inside = 0.02;
  const others = found.flatMap(({ oneTag }) => (oneTag ? [oneTag] : []));
  expect(Math.max(...others.map(({ vusPr }) => vusPr))).toBeLessThan(standing('hreg-vae-lstm').oneTag!.vusPr + inside);
  const rigs = found.flatMap(({ rig }) => (rig ? [rig.vusPr] : []));
  const plants = found.flatMap(({ plant }) => (plant ? [plant.missed] : []));
  expect(Math.max(...rigs)).toBeLessThan(standing('whitened-windows').rig!.vusPr + inside);
  expect(Math.min(...plants)).toBeGreaterThan(standing('whitened-windows').plant!.missed - inside);
});
