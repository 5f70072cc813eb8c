import type { Scores } from '../../scoring/scores';
import type { RunContext } from '../detector';
import { chunksOf, gatherWindows, windowEnds } from '../shared/windows';
import { spanOf } from './params';
import { CHUNK, reconstructionResiduals, writeExpected, type View } from './residuals';
import { gatherCodes } from './stages';

/** Scores by Eq. 4: d_t = Σ_{i=2..k} ||ŵ_i − w_i||₂ for the p·k rows that end at t, with ŵ_i = decoder(ê_i) (Eq. 3). */
export async function scorePaper(view: View, run: RunContext): Promise<Scores> {
  const { data } = view;
  const c = data.channels.length;
  const n = data.timestamps.length;
  const score = new Float32Array(n).fill(Number.NaN);
  const byChannel = new Float32Array(n * c).fill(Number.NaN);
  const expected = new Float32Array(n * c).fill(Number.NaN);
  for (const ends of chunksOf(windowEnds(data.segments, view.params.window), CHUNK)) {
    await run.checkpoint();
    writeExpected(view, ends, reconstructionResiduals(view, ends), expected);
  }
  const rows = windowEnds(data.segments, spanOf(view.params));
  let done = 0;
  for (const ends of chunksOf(rows, CHUNK)) {
    await run.checkpoint();
    const parts = forecastErrors(view, ends);
    ends.forEach((row, i) => {
      let sum = 0;
      for (let j = 0; j < c; j++) sum += parts[i * c + j]!;
      score[row] = sum;
      for (let j = 0; j < c; j++) byChannel[row * c + j] = sum > 0 ? parts[i * c + j]! / sum : 1 / c;
    });
    run.report({ stage: 'score', done: (done += ends.length), total: rows.length, unit: 'rows' });
  }
  return { score, byChannel, expected };
}

/** Scores of rows whose p·k rows all lie in the untrained tail. */
export async function paperNormalScores(view: View, tailFrom: number, run: RunContext): Promise<Float32Array> {
  const c = view.data.channels.length;
  const rows = windowEnds(view.data.segments, spanOf(view.params), tailFrom);
  const scores = new Float32Array(rows.length);
  let at = 0;
  for (const ends of chunksOf(rows, CHUNK)) {
    await run.checkpoint();
    const parts = forecastErrors(view, ends);
    for (let i = 0; i < parts.length; i += c) scores[at++] = parts.subarray(i, i + c).reduce((sum, part) => sum + part, 0);
  }
  return scores;
}

/** [B, c] parts of d_t by channel: each window's norm is shared by squared error, so that the parts sum to d_t. */
function forecastErrors({ network, data, params, codes }: View, ends: Int32Array): Float64Array {
  const c = data.channels.length;
  const size = params.window * c;
  const steps = params.windows - 1;
  const forecasts = network.forecast(gatherCodes(codes, ends, params, 1), steps);
  const parts = new Float64Array(ends.length * c);
  const energy = new Float64Array(c);
  for (let step = 0; step < steps; step++) {
    const rebuilt = network.decode(
      forecasts.subarray(step * ends.length * params.latent, (step + 1) * ends.length * params.latent),
    );
    const windows = gatherWindows(
      data,
      params.window,
      ends.map((row) => row - (steps - 1 - step) * params.window),
    );
    for (let i = 0; i < ends.length; i++) {
      energy.fill(0);
      for (let j = 0; j < size; j++) {
        const d = rebuilt[i * size + j]! - windows[i * size + j]!;
        energy[j % c] = energy[j % c]! + d * d;
      }
      const norm = Math.sqrt(energy.reduce((sum, part) => sum + part, 0));
      if (norm > 0) for (let j = 0; j < c; j++) parts[i * c + j] = parts[i * c + j]! + energy[j]! / norm;
    }
  }
  return parts;
}
