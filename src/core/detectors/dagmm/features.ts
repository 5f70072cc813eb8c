/** Added to the mean square of a window, in squared standard deviations: a window near 0 has no direction and no relative error. */
const FLOOR = 0.01;
/** Keeps the slope of a root finite. */
const TINY = 1e-12;

/** Windows, their codes and what the codes were rebuilt to: [B, p·c], [B, Q], [B, p·c]. */
export interface Compressed {
  readonly windows: Float32Array;
  readonly code: Float32Array;
  readonly rebuilt: Float32Array;
}

export interface Features {
  /** [B, Q + 2] code, ‖x − x̂‖/‖x‖, x·x̂/(‖x‖‖x̂‖). */
  readonly z: Float64Array;
  /** Mean of Σ (x − x̂)² over the windows. */
  readonly reconstruction: number;
  /** Slopes by code and rebuilt window of byReconstruction·reconstruction and of what the features are used for. */
  slopes(byReconstruction: number, byFeatures: Float64Array): { readonly code: Float32Array; readonly rebuilt: Float32Array };
}

/** Numbers that describe windows. @param inputs - p·c values of a window. @see Zong et al. 2018, Eq. 1 to 3. */
export function describe({ windows: x, code, rebuilt }: Compressed, inputs: number): Features {
  const count = x.length / inputs;
  const latent = code.length / count;
  const size = latent + 2;
  const z = new Float64Array(count * size);
  // Of each window: root of Σ(x − x̂)², ‖x‖, ‖x̂‖.
  const [error, length, lengthRebuilt] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let reconstruction = 0;
  for (let i = 0; i < count; i++) {
    let [xx, rr, xr, squares] = [FLOOR * inputs, FLOOR * inputs, 0, 0];
    for (let at = i * inputs; at < (i + 1) * inputs; at++) {
      const a = x[at]!;
      const b = rebuilt[at]!;
      xx += a * a;
      rr += b * b;
      xr += a * b;
      squares += (a - b) * (a - b);
    }
    reconstruction += squares / count;
    error[i] = Math.sqrt(squares + TINY);
    length[i] = Math.sqrt(xx);
    lengthRebuilt[i] = Math.sqrt(rr);
    for (let q = 0; q < latent; q++) z[i * size + q] = code[i * latent + q]!;
    z[i * size + latent] = error[i]! / length[i]!;
    z[i * size + latent + 1] = xr / (length[i]! * lengthRebuilt[i]!);
  }
  return {
    z,
    reconstruction,
    slopes(byReconstruction, byFeatures) {
      const byCode = new Float32Array(code.length);
      const byRebuilt = new Float32Array(rebuilt.length);
      for (let i = 0; i < count; i++) {
        for (let q = 0; q < latent; q++) byCode[i * latent + q] = byFeatures[i * size + q]!;
        const byCosine = byFeatures[i * size + latent + 1]!;
        const bySquares = byReconstruction / count + byFeatures[i * size + latent]! / (2 * error[i]! * length[i]!);
        const ofRebuilt = 2 * bySquares - (byCosine * z[i * size + latent + 1]!) / lengthRebuilt[i]! ** 2;
        const ofWindow = byCosine / (length[i]! * lengthRebuilt[i]!) - 2 * bySquares;
        for (let at = i * inputs; at < (i + 1) * inputs; at++) byRebuilt[at] = ofRebuilt * rebuilt[at]! + ofWindow * x[at]!;
      }
      return { code: byCode, rebuilt: byRebuilt };
    },
  };
}
