import { describe, expect, it } from 'vitest';
import { isFaultline, type JsonObject } from '../errors';
import { packWeights, unpackWeights, WeightSet } from './weights';

const specs = [
  { name: 'w', shape: [2, 2] },
  { name: 'b', shape: [2] },
];
const pack = () =>
  packWeights([
    { ...specs[0]!, values: Float32Array.of(1, 2, 3, 4) },
    { ...specs[1]!, values: Float32Array.of(-0.5, 1e-30) },
  ]);
const damaged = (error: unknown): boolean => isFaultline(error, 'model/damaged');

describe('packed weights', () => {
  it('come back bit-equal, from any position in a larger buffer', () => {
    const { weights, manifest } = pack();
    const inside = new Uint8Array(weights.length + 3);
    inside.set(weights, 3);
    const arrays = unpackWeights({ weights: inside.subarray(3), manifest }, specs);
    expect([...arrays.get('w')!]).toEqual([1, 2, 3, 4]);
    expect([...arrays.get('b')!]).toEqual([-0.5, Math.fround(1e-30)]);
  });

  it('are little-endian float32 in the order of the manifest', () => {
    const { weights, manifest } = pack();
    // 1 as float32 is 0x3f800000.
    expect([...weights.subarray(0, 4)]).toEqual([0, 0, 0x80, 0x3f]);
    expect(manifest).toEqual({
      weights: [
        { name: 'w', shape: [2, 2], offset: 0 },
        { name: 'b', shape: [2], offset: 16 },
      ],
    });
  });

  const entry = (change: JsonObject): JsonObject => ({ name: 'w', shape: [2, 2], offset: 0, ...change });
  const second: JsonObject = { name: 'b', shape: [2], offset: 16 };
  it.each<[string, JsonObject]>([
    ['no manifest', {}],
    ['a missing weight', { weights: [entry({})] }],
    ['an extra weight', { weights: [entry({}), second, second] }],
    ['another name', { weights: [entry({ name: '../w' }), second] }],
    ['another shape', { weights: [entry({ shape: [4, 1] }), second] }],
    ['a huge shape', { weights: [entry({ shape: [2 ** 20, 2 ** 20] }), second] }],
    ['a shape of another rank', { weights: [entry({ shape: [4] }), second] }],
    ['an offset that overlaps', { weights: [entry({}), { ...second, offset: 0 }] }],
    ['an entry that is no object', { weights: [1, second] }],
  ])('are refused with %s', (_, manifest) => {
    expect(() => unpackWeights({ weights: pack().weights, manifest }, specs)).toThrow(expect.toSatisfy(damaged));
  });

  it('are refused when bytes are missing or a value is not finite', () => {
    const { weights, manifest } = pack();
    expect(() => unpackWeights({ weights: weights.subarray(1), manifest }, specs)).toThrow(expect.toSatisfy(damaged));
    new DataView(weights.buffer).setFloat32(20, Number.POSITIVE_INFINITY, true);
    expect(() => unpackWeights({ weights, manifest }, specs)).toThrow(/"b"/);
  });
});

it('a weight set gives views into one flat array', () => {
  const set = new WeightSet(specs);
  set.views()[1]![0] = 7;
  expect([...set.flat]).toEqual([0, 0, 0, 0, 7, 0]);
});
