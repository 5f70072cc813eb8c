import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Backend, RunContext } from '../../src/core/detectors/detector';
import { hregVaeLstm } from '../../src/core/detectors/hreg-vae-lstm';
import { resolveParams } from '../../src/core/detectors/params';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { randomFrom } from '../../src/core/random';
import { loadEngine, type LoadedEngine } from '../../src/main/compute/tensorflow';
import { f1At, judge, oracleF1 } from './protocol';

/** Window p and windows in a row k of each series: the paper's, and p 24 at the same span for the sharp score. */
const settings: readonly { readonly file: string; readonly paper: [number, number]; readonly sharp: [number, number] }[] = [
  { file: 'ambient_temperature_system_failure.csv', paper: [24, 7], sharp: [24, 7] },
  { file: 'cpu_utilization_asg_misconfiguration.csv', paper: [48, 3], sharp: [24, 6] },
  { file: 'ec2_request_latency_system_failure.csv', paper: [24, 8], sharp: [24, 8] },
  { file: 'machine_temperature_system_failure.csv', paper: [48, 12], sharp: [24, 24] },
  { file: 'nyc_taxi.csv', paper: [24, 7], sharp: [24, 7] },
];

interface SeriesLabels {
  readonly train_split: readonly [number, number];
  readonly published_points: readonly { readonly row: number }[];
}

export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '1' },
      score: { type: 'string', default: 'sharp' },
      engine: { type: 'string' },
      only: { type: 'string' },
      param: { type: 'string', multiple: true, default: [] },
    },
  });
  const folder = positionals[0];
  if (!folder) throw new Error('Give the folder that holds labels.json and the CSV files.');
  const score = values.score === 'paper' ? 'paper' : 'sharp';
  const engine = await loadEngine(values.engine ? { force: values.engine as Backend } : {});
  console.log(`${engine.info.backend}, ${engine.info.version}, ${engine.info.threads} threads, score ${score}`);
  console.log(
    'F1 is unwidened, per row at span L. "oracle" chose its threshold on the test rows; "rule" is max(normalScores), no labels.',
  );
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as { series: Record<string, SeriesLabels> };
  const given = Object.fromEntries(values.param.map((text) => text.split('=')).map(([name, value]) => [name, JSON.parse(value!)]));
  for (const seed of values.seeds.split(',').map(Number)) {
    const f1s: [number, number][] = [];
    for (const setting of settings.filter(({ file }) => !values.only || file.startsWith(values.only))) {
      const [window, windows] = setting[score];
      const entry = labels.series[setting.file]!;
      const params = resolveParams(hregVaeLstm.info.params, { window, windows, score, ...given });
      const result = await runSeries(engine, join(folder, setting.file), entry, params as never, window * windows, seed);
      f1s.push([result.oracle.f1, result.rule.f1]);
      console.log(
        `seed ${seed} ${setting.file.slice(0, 8).padEnd(8)} ${window}x${windows}: train ${result.trainSeconds.toFixed(1)} s, ` +
          `score ${result.scoreSeconds.toFixed(2)} s, oracle F1 ${result.oracle.f1.toFixed(3)}, rule F1 ${result.rule.f1.toFixed(3)} ` +
          `(${result.rule.hits} of ${entry.published_points.length} hit, ${result.rule.falseEpisodes} false), steps ${result.steps}`,
      );
    }
    const mean = (i: 0 | 1): string => (f1s.reduce((sum, pair) => sum + pair[i], 0) / f1s.length).toFixed(3);
    console.log(`seed ${seed} mean: oracle F1 ${mean(0)}, rule F1 ${mean(1)}`);
  }
}

async function runSeries(
  engine: LoadedEngine,
  file: string,
  { train_split: [from, to], published_points: published }: SeriesLabels,
  params: Parameters<typeof hregVaeLstm.train>[1],
  span: number,
  seed: number,
) {
  const raw = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  const normal = raw.slice(from, to);
  const mean = normal.reduce((sum, x) => sum + x, 0) / normal.length;
  const std = Math.sqrt(normal.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normal.length);
  const scaled = Float32Array.from(raw, (x) => (x - mean) / std);
  const series = (values: Float32Array, segments: PreparedSeries['segments']): PreparedSeries => ({
    timestamps: Float64Array.from(values, (_, i) => i),
    ...{ values, channels: ['value'], segments, stepMs: 1 },
  });
  const run: RunContext = {
    random: randomFrom(seed),
    tensorflow: () => Promise.resolve(engine.tf),
    fusedLstm: engine.fusedLstm,
    report: () => undefined,
    checkpoint: () => Promise.resolve(),
  };
  const started = performance.now();
  const model = await hregVaeLstm.train(series(scaled.slice(from, to), [{ start: 0, end: to - from }]), params, run);
  const trainedAt = performance.now();
  const segments = [
    { start: 0, end: from },
    { start: to, end: raw.length },
  ].filter((segment) => segment.end > segment.start);
  const scores = await model.score(series(scaled, segments), run);
  const scoredAt = performance.now();
  const rows = segments.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
  const judged = judge(
    scores.score,
    rows,
    published.map((point) => point.row),
    span,
  );
  const threshold = model.normalScores.reduce((largest, x) => Math.max(largest, x), 0);
  const last = (stage: string): number => model.history.filter((record) => record.stage === stage).at(-1)?.step ?? 0;
  model.dispose();
  return {
    trainSeconds: (trainedAt - started) / 1000,
    scoreSeconds: (scoredAt - trainedAt) / 1000,
    oracle: oracleF1(judged),
    rule: f1At(judged, threshold),
    steps: `${last('vae')}+${last('lstm')}`,
  };
}
