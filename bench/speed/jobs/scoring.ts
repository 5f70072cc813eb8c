import { hregVaeLstm } from '../../../src/core/detectors/hreg-vae-lstm';
import { resolveParams } from '../../../src/core/detectors/params';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';
import { seriesOf } from './hreg';
import { nabLike } from '../series';

const MEGABYTE = 2 ** 20;

/** Scores `rows` samples with a trained Hreg-VAE-LSTM, and how far resident memory rises over what it was before. */
export const scoring: Job = async (engine, { shape }) => {
  const given = { window: shape['window']!, windows: shape['windows']!, score: shape['sharp'] ? 'sharp' : 'paper' };
  const params = resolveParams(hregVaeLstm.info.params, { ...given, vaeSteps: 100, lstmSteps: 50 });
  const model = await hregVaeLstm.train(seriesOf(nabLike(5000)), params as never, benchRun(engine));
  const series = seriesOf(nabLike(shape['rows']!));
  await model.score(seriesOf(nabLike(5000)), benchRun(engine));
  return async (pieces) => {
    const before = process.memoryUsage.rss();
    let highest = before;
    const checkpoint = (): Promise<void> => {
      highest = Math.max(highest, process.memoryUsage.rss());
      return Promise.resolve();
    };
    const cost = meter();
    for (let i = 0; i < pieces; i++) await model.score(series, { ...benchRun(engine), checkpoint });
    return { ...perPiece(cost(), pieces), extra: { residentMb: before / MEGABYTE, riseMb: (highest - before) / MEGABYTE } };
  };
};
