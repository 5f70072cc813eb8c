import type { Evidence } from './preview';
import type { Recipe } from './recipe';

export interface EncodingGuess extends Evidence {
  readonly encoding: Recipe['encoding'];
}

/** Length of the byte order mark of an encoding at the start of the bytes, 0 when there is none. */
export function bomLength(bytes: Uint8Array, encoding: Recipe['encoding']): number {
  if (encoding === 'utf-8') return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  if (encoding === 'utf-16le') return bytes[0] === 0xff && bytes[1] === 0xfe ? 2 : 0;
  if (encoding === 'utf-16be') return bytes[0] === 0xfe && bytes[1] === 0xff ? 2 : 0;
  return 0;
}

/** Index of the first byte that is not UTF-8, or -1. A sequence cut off by the end of the sample is not an error. */
export function firstInvalidUtf8(bytes: Uint8Array, partial: boolean): number {
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!;
    const more =
      lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
    if (more < 0) return i;
    for (let k = 1; k <= more; k++) {
      const next = bytes[i + k];
      if (next === undefined) return partial ? -1 : i;
      // Overlong forms, surrogates and code points above U+10FFFF show in the second byte.
      const low = k > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = k > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (next < low || next > high) return i;
    }
    i += more + 1;
  }
  return -1;
}

/** Windows-1252 bytes common in units and western names: ° ² ³ ± µ · Ä Ö Ü ß ä ö ü à á ç è é ê ñ ó € – Ω has none. */
const usual1252 = new Set([
  0xb0, 0xb2, 0xb3, 0xb1, 0xb5, 0xb7, 0xc4, 0xd6, 0xdc, 0xdf, 0xe4, 0xf6, 0xfc, 0xe0, 0xe1, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf3,
  0x80, 0x96, 0xa0,
]);

/** Encoding from the byte order mark, from zero bytes in every second place, or from being valid UTF-8. */
export function guessEncoding(bytes: Uint8Array, partial: boolean): EncodingGuess {
  const say = (encoding: Recipe['encoding'], text: string, doubt = false): EncodingGuess => ({
    choice: 'encoding',
    encoding,
    text,
    doubt,
  });
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    if (bomLength(bytes, encoding) > 0) return say(encoding, `${encoding.toUpperCase()}: the file starts with its byte order mark`);
  }
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]!++;
  const half = bytes.length / 2;
  if (zeros[1]! > 0.7 * half && zeros[0]! < 0.1 * half) return say('utf-16le', 'UTF-16 little-endian: every second byte is zero');
  if (zeros[0]! > 0.7 * half && zeros[1]! < 0.1 * half) return say('utf-16be', 'UTF-16 big-endian: every second byte is zero');
  if (firstInvalidUtf8(bytes, partial) < 0) {
    return say('utf-8', bytes.every((b) => b < 0x80) ? 'UTF-8: only plain ASCII so far' : 'UTF-8: all bytes are valid');
  }
  const high = [...bytes].filter((b) => b >= 0x80);
  const strange = high.filter((b) => !usual1252.has(b)).length;
  const doubt = strange > 0.2 * high.length;
  return say(
    'windows-1252',
    `not UTF-8; Windows-1252 by ${high.length} bytes such as ° or ä${doubt ? `, but ${strange} of them are unusual in it` : ''}`,
    doubt,
  );
}
