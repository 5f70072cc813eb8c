import { readFileSync } from 'node:fs';
import { hregVaeLstm } from '../../../src/core/detectors/hreg-vae-lstm';
import { resolveParams } from '../../../src/core/detectors/params';
import type { PreparedSeries } from '../../../src/core/prepare/prepared';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';

/** One gap-free channel of scaled values. */
export function seriesOf(values: Float32Array): PreparedSeries {
  return {
    timestamps: Float64Array.from(values, (_, i) => i),
    ...{ values, channels: ['value'], segments: [{ start: 0, end: values.length }], stepMs: 1 },
  };
}

/** Whole fits of a series for the published score, every step done; with what the detector adds: splits, expected band, normal scores. */
export const hreg: Job = (engine, { shape, data }) => {
  const { window, windows, batch, vaeSteps, lstmSteps } = shape;
  const bytes = readFileSync(data!);
  const series = seriesOf(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
  const fit = async (steps: Record<string, number>): Promise<void> => {
    const given = { window: window!, windows: windows!, batch: batch!, score: 'paper', earlyStopping: false, ...steps };
    const params = resolveParams(hregVaeLstm.info.params, given);
    (await hregVaeLstm.train(series, params as never, benchRun(engine))).dispose();
  };
  return Promise.resolve(async (pieces) => {
    await fit({ vaeSteps: 30, lstmSteps: 20 });
    const cost = meter();
    for (let i = 0; i < pieces; i++) await fit({ vaeSteps: vaeSteps!, lstmSteps: lstmSteps! });
    return perPiece(cost(), pieces);
  });
};
