/**
 * Arrays of numbers as blobs: little-endian, without header. A blob from SQLite need not start at a multiple of 8 bytes, so bytes are
 * copied into an array of the right alignment. Every platform Faultline runs on is little-endian (x64, arm64).
 */

/** The array's bytes, not copied. */
export function bytesOf(array: Float64Array | Float32Array | Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

export function float64Of(blob: Buffer): Float64Array {
  const array = new Float64Array(blob.byteLength / 8);
  bytesOf(array).set(blob);
  return array;
}

export function float32Of(blob: Buffer): Float32Array {
  const array = new Float32Array(blob.byteLength / 4);
  bytesOf(array).set(blob);
  return array;
}

/** A copy that shares no memory with SQLite's buffer pool. */
export function uint8Of(blob: Buffer): Uint8Array {
  return new Uint8Array(blob);
}
