import { FaultlineError } from '../core/errors';

/**
 * Binary-safe encoding of contract values for HTTP: JSON scalars, arrays, plain objects and the five typed arrays below.
 *
 * Layout, little-endian: bytes 0..3 the length of the header, then the header (JSON in UTF-8, padded with spaces to a multiple of
 * eight), then one section per typed array, each starting at a multiple of eight so that it can be viewed in place. The header is
 * `{ value, arrays: [{ path, kind, length }] }`; `value` holds null where a typed array belongs. Places are named by path instead of
 * by a marker inside the value, so no key or text of a user can be taken for one.
 *
 * NaN and infinities occur in typed arrays only; elsewhere they are refused, as JSON would turn them into null without a word.
 * A property whose value is undefined is left out, and -0 outside typed arrays becomes 0, both as in JSON.
 */

/** Content type of the encoding. */
export const wireType = 'application/x-faultline';

export type WireArray = Float64Array | Float32Array | Uint8Array | Int16Array | Int32Array;

const kinds = { f64: Float64Array, f32: Float32Array, u8: Uint8Array, i16: Int16Array, i32: Int32Array } as const;
type Kind = keyof typeof kinds;
type Path = readonly (string | number)[];

/** Deeper values are refused: nothing in the contract comes near, and walking one must not exhaust the stack. */
const maxDepth = 100;
const alignment = 8;

// Both exist in Node and in browsers; named here because this folder is compiled without the types of either.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/**
 * Bytes of one value.
 *
 * @throws FaultlineError 'contract/invalid-params' for what the wire cannot carry (NaN outside a typed array, functions, dates, depth
 * over 100), naming the place.
 */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { path: Path; kind: Kind; length: number }[] = [];
  const sections: WireArray[] = [];
  const tree = strip(value, [], (array, path) => {
    arrays.push({ path: [...path], kind: kindOf(array, path), length: array.length });
    sections.push(array);
  });
  const header = new TextEncoder().encode(JSON.stringify({ value: tree, arrays }));
  const headerLength = padded(4 + header.length) - 4;
  let size = 4 + headerLength;
  for (const section of sections) size += padded(section.byteLength);
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, headerLength, true);
  bytes.fill(0x20, 4, 4 + headerLength);
  bytes.set(header, 4);
  let offset = 4 + headerLength;
  for (const section of sections) {
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), offset);
    offset += padded(section.byteLength);
  }
  return bytes;
}

/**
 * The value of `encode`'s bytes. Typed arrays own their memory and keep every bit, NaN payloads included.
 *
 * @throws FaultlineError 'contract/invalid-params' for anything `encode` cannot have written; nothing is allocated from a length the
 * bytes themselves do not back.
 */
export function decode(bytes: Uint8Array): unknown {
  if (bytes.length < 4) throw malformed('it is shorter than its own header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  if (headerLength > bytes.length - 4 || (4 + headerLength) % alignment !== 0) throw malformed('the header length is wrong');
  const { value, arrays } = readHeader(bytes.subarray(4, 4 + headerLength));
  const root: { value: unknown } = { value };
  let offset = 4 + headerLength;
  for (const entry of arrays) {
    const { path, kind, length } = readEntry(entry);
    const byteLength = length * kinds[kind].BYTES_PER_ELEMENT;
    if (byteLength > bytes.length - offset) throw malformed('a section is longer than the message');
    place(root, path, new kinds[kind](new Uint8Array(bytes.subarray(offset, offset + byteLength)).buffer));
    offset += padded(byteLength);
  }
  if (offset !== bytes.length) throw malformed('bytes are left over');
  return root.value;
}

const padded = (length: number): number => Math.ceil(length / alignment) * alignment;

const malformed = (why: string): FaultlineError =>
  new FaultlineError('contract/invalid-params', `The message cannot be read: ${why}.`, { why });

function cannotCarry(path: Path, what: string): FaultlineError {
  const place = path.length === 0 ? 'the value' : path.join('.');
  return new FaultlineError('contract/invalid-params', `The message cannot carry ${what} at ${place}.`, { place, what });
}

function kindOf(array: WireArray, path: Path): Kind {
  for (const kind of Object.keys(kinds) as Kind[]) if (array instanceof kinds[kind]) return kind;
  throw cannotCarry(path, 'this kind of typed array');
}

/** A copy with null in place of typed arrays; `found` hears of each with its path. */
function strip(value: unknown, path: (string | number)[], found: (array: WireArray, path: Path) => void): unknown {
  if (path.length > maxDepth) throw cannotCarry(path.slice(0, 5), 'such depth');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw cannotCarry(path, `${value} outside a typed array`);
      return value;
    case 'object':
      break;
    default:
      throw cannotCarry(path, typeof value);
  }
  if (value === null) return null;
  if (ArrayBuffer.isView(value)) {
    found(value as WireArray, path);
    return null;
  }
  const inner = (child: unknown, key: string | number): unknown => {
    path.push(key);
    const copy = strip(child, path, found);
    path.pop();
    return copy;
  };
  if (Array.isArray(value)) return Array.from(value, inner);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw cannotCarry(path, 'an object with a class');
  // Without a prototype "__proto__" is a key like any other.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) if (child !== undefined) copy[key] = inner(child, key);
  return copy;
}

function readHeader(bytes: Uint8Array): { value: unknown; arrays: readonly unknown[] } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new FaultlineError('contract/invalid-params', 'The message cannot be read: its header is not JSON.', {}, { cause });
  }
  if (!isRecord(header) || !Object.hasOwn(header, 'value') || !Array.isArray(header['arrays']))
    throw malformed('the header is incomplete');
  return { value: header['value'], arrays: header['arrays'] };
}

function readEntry(entry: unknown): { path: Path; kind: Kind; length: number } {
  if (!isRecord(entry)) throw malformed('a section is not described');
  const { path, kind, length } = entry;
  const pathOk =
    Array.isArray(path) && path.length <= maxDepth && path.every((key) => typeof key === 'string' || Number.isInteger(key));
  const kindOk = typeof kind === 'string' && Object.hasOwn(kinds, kind);
  if (!pathOk || !kindOk || !Number.isSafeInteger(length) || (length as number) < 0) throw malformed('a section is not described');
  return { path: path as Path, kind: kind as Kind, length: length as number };
}

/** Puts an array where the path leads; only own properties that hold null are followed to their end. */
function place(root: object, path: Path, array: WireArray): void {
  let holder: unknown = root;
  let key: string | number = 'value';
  for (const next of path) {
    holder = isHolder(holder) && Object.hasOwn(holder, key) ? (holder as Record<string | number, unknown>)[key] : undefined;
    key = next;
  }
  const isPlace = isHolder(holder) && Object.hasOwn(holder, key) && (holder as Record<string | number, unknown>)[key] === null;
  if (!isPlace) throw malformed('a section has no place in the value');
  Object.defineProperty(holder, key, { value: array, writable: true, enumerable: true, configurable: true });
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
const isRecord = (value: unknown): value is Record<string, unknown> => isHolder(value) && !Array.isArray(value);
