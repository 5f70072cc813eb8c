/** A·B of matrices [n, k] and [k, m], in float64; inner loops run along memory. @returns [n, m] */
export function matrixProduct(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const k = a.length / n;
  const m = b.length / k;
  const result = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < k; l++) {
      const value = a[i * k + l]!;
      if (value === 0) continue;
      for (let j = 0, at = i * m, from = l * m; j < m; j++, at++, from++) result[at] = result[at]! + value * b[from]!;
    }
  }
  return result;
}

/** Aᵀ of a matrix [n, m]. */
export function transposed(a: Float64Array, n: number, m: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, i) => a[(i % n) * m + Math.floor(i / n)]!);
}
