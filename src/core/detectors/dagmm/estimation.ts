/** Hidden units of the estimation network. */
export const ESTIMATION_UNITS = 10;

/** w1 [D, units], b1 [units], w2 [units, K], b2 [K]. */
export type EstimationWeights = readonly [Float32Array, Float32Array, Float32Array, Float32Array];

export interface Estimation {
  /** [B, K] rows sum to 1. */
  readonly membership: Float64Array;
  /** Slopes of a loss, given those by the membership: by the features, [B, D], and by the four weights. */
  slopes(byMembership: Float64Array): { readonly features: Float64Array; readonly weights: readonly Float64Array[] };
}

/**
 * The estimation network: memberships of features, softmax(w2·tanh(w1·z)). It is tiny, so that it is computed here in float64.
 *
 * @param z - [B, D]. @param kept - [B, units] factors of the hidden units where some are left out.
 * @see Zong et al. 2018, Eq. 4.
 */
export function estimate(z: Float64Array, weights: EstimationWeights, kept: Float32Array | null): Estimation {
  const [w1, b1, w2, b2] = weights;
  const [units, components] = [b1.length, b2.length];
  const size = w1.length / units;
  const count = z.length / size;
  const active = new Float64Array(count * units);
  const membership = new Float64Array(count * components);
  for (let i = 0; i < count; i++) {
    for (let u = 0; u < units; u++) {
      let sum = b1[u]!;
      for (let d = 0; d < size; d++) sum += z[i * size + d]! * w1[d * units + u]!;
      active[i * units + u] = Math.tanh(sum);
    }
    let total = 0;
    for (let k = 0; k < components; k++) {
      let logit = b2[k]!;
      for (let u = 0; u < units; u++) logit += active[i * units + u]! * (kept ? kept[i * units + u]! : 1) * w2[u * components + k]!;
      membership[i * components + k] = logit;
    }
    const own = membership.subarray(i * components, (i + 1) * components);
    const highest = own.reduce((most, logit) => Math.max(most, logit), -Infinity);
    for (let k = 0; k < components; k++) total += own[k] = Math.exp(own[k]! - highest);
    for (let k = 0; k < components; k++) own[k]! /= total;
  }
  return {
    membership,
    slopes(byMembership) {
      const features = new Float64Array(z.length);
      const slopes = weights.map(({ length }) => new Float64Array(length)) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const byLogit = new Float64Array(components);
      for (let i = 0; i < count; i++) {
        let mean = 0;
        for (let k = 0; k < components; k++) mean += membership[i * components + k]! * byMembership[i * components + k]!;
        for (let k = 0; k < components; k++) {
          byLogit[k] = membership[i * components + k]! * (byMembership[i * components + k]! - mean);
          slopes[3][k]! += byLogit[k]!;
        }
        for (let u = 0; u < units; u++) {
          const factor = kept ? kept[i * units + u]! : 1;
          const value = active[i * units + u]!;
          let slope = 0;
          for (let k = 0; k < components; k++) {
            slopes[2][u * components + k]! += factor * value * byLogit[k]!;
            slope += byLogit[k]! * w2[u * components + k]!;
          }
          slope *= factor * (1 - value * value);
          slopes[1][u]! += slope;
          for (let d = 0; d < size; d++) {
            slopes[0][d * units + u]! += z[i * size + d]! * slope;
            features[i * size + d]! += w1[d * units + u]! * slope;
          }
        }
      }
      return { features, weights: slopes };
    },
  };
}
