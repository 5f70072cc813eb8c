import type { GanParams } from './params';

/** Per-row means of what the windows that cover a row say of it; NaN where no window covers a row. */
export interface RowLosses {
  /** [n] Res: Σ over tags of |x − G(z*)|, in units of their ranges. */
  readonly residual: Float64Array;
  /** [n] Dis: −ln D(x). */
  readonly discrimination: Float64Array;
  /** [n, m] |x − G(z*)| of each tag, in units of its range. */
  readonly byChannel: Float32Array;
  /** [n, m] G(z*) */
  readonly expected: Float32Array;
}

/**
 * Maps losses of windows to rows. `dire`: each sample of a window counts for its own row, and a row's loss is the mean over all windows
 * and positions that cover it (Lu et al., Eq. 23). `last`: a window's mean counts for its last row, so that no later row is used.
 */
export class RowMeans {
  private readonly counts: Uint32Array;
  private readonly sums: RowLosses;

  constructor(
    private readonly mapping: GanParams['mapping'],
    rows: number,
    private readonly channels: number,
  ) {
    this.counts = new Uint32Array(rows);
    this.sums = {
      ...{ residual: new Float64Array(rows), discrimination: new Float64Array(rows) },
      ...{ byChannel: new Float32Array(rows * channels), expected: new Float32Array(rows * channels) },
    };
  }

  /** @param end - last row of the window. @param window - [T·m]. @param rebuilt - [T·m] G(z*). @param discrimination - [T]. */
  add(end: number, window: Float32Array, rebuilt: Float32Array, discrimination: Float32Array): void {
    const { channels: c, sums } = this;
    const steps = discrimination.length;
    const dire = this.mapping === 'dire';
    const weight = dire ? 1 : 1 / steps;
    for (let t = 0; t < steps; t++) {
      const row = dire ? end - steps + 1 + t : end;
      let residual = 0;
      for (let j = 0; j < c; j++) {
        const deviation = Math.abs(window[t * c + j]! - rebuilt[t * c + j]!);
        residual += deviation;
        sums.byChannel[row * c + j]! += weight * deviation;
        if (dire || t === steps - 1) sums.expected[row * c + j]! += rebuilt[t * c + j]!;
      }
      sums.residual[row]! += weight * residual;
      sums.discrimination[row]! += weight * discrimination[t]!;
      if (dire) this.counts[row]!++;
    }
    if (!dire) this.counts[end]!++;
  }

  /** The means; nothing may be added afterwards. */
  finish(): RowLosses {
    const { channels: c, sums, counts } = this;
    counts.forEach((count, row) => {
      // 0/0: a row without a window has no loss.
      sums.residual[row]! /= count;
      sums.discrimination[row]! /= count;
      for (let k = row * c; k < (row + 1) * c; k++) {
        sums.byChannel[k]! /= count;
        sums.expected[k]! /= count;
      }
    });
    return sums;
  }
}
