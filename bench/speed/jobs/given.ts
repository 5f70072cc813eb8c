import { readFileSync } from 'node:fs';

const KILOBYTES = 1024;

/** Little-endian float32 of a file. */
export function floatsOf(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** Most memory that this process ever held. */
export const peakMb = (): number => process.resourceUsage().maxRSS / KILOBYTES;
