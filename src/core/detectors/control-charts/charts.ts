/** A control chart of several tags, row by row. */
export interface Chart {
  /** Forgets everything: the next row is the first of a segment. */
  restart(): void;
  /**
   * @param errors - [c] of a row, in standard deviations. @param parts - [c] gets what each tag has in the square of the statistic.
   * @returns the statistic of the row.
   */
  next(errors: Float64Array, parts: Float64Array): number;
}

/** One EWMA a tag, Z' = (1 − λ)Z + λe; the largest |Z|. @see Roberts 1959. */
export function ewmaOfEach(lambda: number, tags: number): Chart {
  const z = new Float64Array(tags);
  return {
    restart: () => void z.fill(0),
    next(errors, parts) {
      let largest = 0;
      for (let j = 0; j < tags; j++) {
        z[j] = (1 - lambda) * z[j]! + lambda * errors[j]!;
        parts[j] = z[j]! * z[j]!;
        largest = Math.max(largest, Math.abs(z[j]!));
      }
      return largest;
    },
  };
}

/** Two CUSUMs a tag, one up and one down, S' = max(0, S ± e − k), at most `top`; the largest. @see Page 1954. */
export function cusumOfEach(k: number, top: number, tags: number): Chart {
  const up = new Float64Array(tags);
  const down = new Float64Array(tags);
  return {
    restart() {
      up.fill(0);
      down.fill(0);
    },
    next(errors, parts) {
      let largest = 0;
      for (let j = 0; j < tags; j++) {
        up[j] = Math.min(top, Math.max(0, up[j]! + errors[j]! - k));
        down[j] = Math.min(top, Math.max(0, down[j]! - errors[j]! - k));
        const sum = Math.max(up[j]!, down[j]!);
        parts[j] = sum * sum;
        largest = Math.max(largest, sum);
      }
      return largest;
    },
  };
}

/** Multivariate EWMA: the length of Z' = (1 − λ)Z + λe in errors that are whitened. @see Lowry, Woodall, Champ and Rigdon 1992. */
export function ewmaOfAll(lambda: number, inverse: Float32Array, tags: number): Chart {
  return whitened(inverse, tags, (z, u) => {
    for (let j = 0; j < tags; j++) z[j] = (1 - lambda) * z[j]! + lambda * u[j]!;
    return lengthOf(z);
  });
}

/** Multivariate CUSUM: S' = (S + e)(1 − k/C) with C the length of S + e in whitened errors, 0 where C <= k; the length of S', at most `top`. @see Crosier 1988. */
export function cusumOfAll(k: number, top: number, inverse: Float32Array, tags: number): Chart {
  return whitened(inverse, tags, (s, u) => {
    for (let j = 0; j < tags; j++) s[j] = s[j]! + u[j]!;
    const reached = lengthOf(s);
    const length = Math.min(top, Math.max(0, reached - k));
    for (let j = 0; j < tags; j++) s[j] = length > 0 ? s[j]! * (length / reached) : 0;
    return length;
  });
}

function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (let j = 0; j < vector.length; j++) squares += vector[j]! * vector[j]!;
  return Math.sqrt(squares);
}

/**
 * A chart of u = e·G⁻ᵀ, where GGᵀ is the correlation of the errors. A tag's part in the square s's of its vector is what the square would
 * lose if the tag were what the others make of it: y_j² / (C⁻¹)_jj with y = G⁻ᵀ·s (Alcala and Qin 2009, eq. 14).
 *
 * @param inverse - [c, c] G⁻ᵀ, upper triangular. @param advance - takes u into the vector s and returns its length.
 */
function whitened(inverse: Float32Array, tags: number, advance: (s: Float64Array, u: Float64Array) => number): Chart {
  const s = new Float64Array(tags);
  const u = new Float64Array(tags);
  const precision = Float64Array.from({ length: tags }, (_, j) => {
    let sum = 0;
    for (let k = j; k < tags; k++) sum += inverse[j * tags + k]! ** 2;
    return sum;
  });
  return {
    restart: () => void s.fill(0),
    next(errors, parts) {
      for (let k = 0; k < tags; k++) {
        let sum = 0;
        for (let j = 0; j <= k; j++) sum += errors[j]! * inverse[j * tags + k]!;
        u[k] = sum;
      }
      const length = advance(s, u);
      for (let j = 0; j < tags; j++) {
        let y = 0;
        for (let k = j; k < tags; k++) y += inverse[j * tags + k]! * s[k]!;
        parts[j] = (y * y) / precision[j]!;
      }
      return length;
    },
  };
}
