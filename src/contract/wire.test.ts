import { deepStrictEqual } from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFaultline } from '../core/errors';
import { decode, encode } from './wire';

const typedArray = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
);
// -0 is the one JSON number that JSON does not keep; the wire says so.
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
);
const key = fc.oneof(
  { weight: 5, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'value') },
);
const { value: wireValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    typedArray,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

const refused = (run: () => unknown): boolean => {
  try {
    run();
  } catch (error) {
    return isFaultline(error, 'contract/invalid-params');
  }
  return false;
};

describe('wire', () => {
  it('gives back every value it takes', () => {
    fc.assert(
      fc.property(wireValue, (value) => deepStrictEqual(decode(encode(value)), value)),
      { numRuns: 500 },
    );
  });

  it('gives back every value when the bytes start at an odd address', () => {
    fc.assert(
      fc.property(wireValue, fc.integer({ min: 1, max: 7 }), (value, shift) => {
        const bytes = encode(value);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        deepStrictEqual(decode(moved.subarray(shift)), value);
      }),
    );
  });

  it('keeps NaN, infinities and -0 in typed arrays', () => {
    const sent = { a: Float64Array.of(NaN, Infinity, -Infinity, -0, 5e-324), b: [Float32Array.of(NaN, -0), Int16Array.of(-1, 7)] };
    expect(decode(encode(sent))).toStrictEqual(sent);
  });

  it('encodes a view of a larger buffer without the rest of the buffer', () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(decode(encode(whole.subarray(1, 3)))).toStrictEqual(Float64Array.of(2, 3));
  });

  it('carries a key called __proto__ as data and leaves prototypes alone', () => {
    const sent: unknown = JSON.parse('{"__proto__":{"polluted":1},"a":{"__proto__":null}}');
    const got = decode(encode({ sent, more: Object.fromEntries([['__proto__', Int32Array.of(7)]]) })) as {
      sent: object;
      more: object;
    };
    expect(got.sent).toStrictEqual(sent);
    expect(Object.getOwnPropertyDescriptor(got.more, '__proto__')?.value).toStrictEqual(Int32Array.of(7));
    expect(Object.getPrototypeOf(got.more)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('leaves out undefined properties, as JSON and the receiving validators do', () => {
    expect(decode(encode({ a: undefined, b: 1 }))).toStrictEqual({ b: 1 });
  });

  it.each<[string, unknown]>([
    ['NaN', { a: [NaN] }],
    ['infinity', -Infinity],
    ['a function', { a: () => 1 }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['undefined in a list', [undefined]],
    ['a big integer', 1n],
    ['a typed array outside the contract', new Uint16Array(1)],
    ['a view without elements', new DataView(new ArrayBuffer(8))],
  ])('refuses to encode %s', (_, value) => {
    expect(refused(() => encode(value))).toBe(true);
  });

  it('refuses depth that would exhaust the stack', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200; i++) deep = [deep];
    expect(refused(() => encode(deep))).toBe(true);
  });

  const crafted = (header: string, body = new Uint8Array(0)): Uint8Array => {
    const text = Buffer.from(header.padEnd(Math.ceil((header.length + 4) / 8) * 8 - 4));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, text, body]);
  };
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['a header length beyond the message', Uint8Array.of(255, 255, 255, 255, 0)],
    ['a header that is not JSON', crafted('{')],
    ['a header that is not UTF-8', Buffer.concat([Uint8Array.of(4, 0, 0, 0), Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc)])],
    ['a header without a value', crafted('{"arrays":[]}')],
    ['an unknown kind', crafted('{"value":null,"arrays":[{"path":[],"kind":"toString","length":0}]}')],
    ['a length the bytes do not back', crafted('{"value":null,"arrays":[{"path":[],"kind":"f64","length":1e12}]}')],
    ['a negative length', crafted('{"value":null,"arrays":[{"path":[],"kind":"f64","length":-1}]}')],
    ['a path through a prototype', crafted('{"value":{},"arrays":[{"path":["__proto__"],"kind":"u8","length":0}]}')],
    [
      'a path onto an inherited name',
      crafted('{"value":{},"arrays":[{"path":["constructor","prototype"],"kind":"u8","length":0}]}'),
    ],
    ['a path that overwrites a value', crafted('{"value":{"a":1},"arrays":[{"path":["a"],"kind":"u8","length":0}]}')],
    ['bytes left over', crafted('{"value":null,"arrays":[]}', new Uint8Array(8))],
  ])('refuses to decode %s', (_, bytes) => {
    expect(refused(() => decode(bytes))).toBe(true);
  });

  it('never fails with anything but its own refusal on damaged bytes', () => {
    fc.assert(
      fc.property(wireValue, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (value, flips) => {
        const bytes = encode(value);
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        try {
          decode(bytes);
        } catch (error) {
          expect(isFaultline(error, 'contract/invalid-params')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
