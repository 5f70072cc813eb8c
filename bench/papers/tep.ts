import type { ParamValues } from '../../src/core/detectors/params';
import { quantile } from '../../src/core/detectors/shared/windows';
import type { LoadedEngine } from '../../src/main/compute/tensorflow';
import { mean, short } from '../markdown';
import { compete, contestant, wantedOf, type Contestant } from './contest';
import type { PaperSuite } from './suite';
import { loadTep, type Tep } from './tep-data';
import { tepGates, tepPage } from './tep-page';
import { referenceGates } from './tep-references';
import { SPAN, WINDOW, type SeedResult, type SettingResult, type TepResult } from './tep-results';

/** Rows before a fault starts, and faults that are known to be nearly invisible (Chiang, Russell and Braatz 2001). */
const FAULT_FROM = 160;
const INVISIBLE = [3, 9, 15];

interface Setting {
  readonly name: string;
  readonly id: string;
  readonly params?: ParamValues;
  /** Rows looked at together, and rows that a score covers. */
  readonly lengths?: readonly [window: number, span: number];
  /** Of its own, where the spread over more seeds is asked for. */
  readonly seeds?: readonly number[];
}

const row = [1, 1] as const;
const tenSeeds = Array.from({ length: 10 }, (_, i) => i + 1);
/** As the product proposes for 52 tags; scores that look at no later row. */
const gan = { latent: 51, mapping: 'last' };
const settings: readonly Setting[] = [
  { name: 'Hreg-VAE-LSTM, sharp', id: 'hreg-vae-lstm' },
  { name: 'Hreg-VAE-LSTM, sharp, statistics of all rows', id: 'hreg-vae-lstm', params: { statistics: 'all' } },
  { name: 'Hreg-VAE-LSTM, paper', id: 'hreg-vae-lstm', params: { score: 'paper' } },
  { name: 'VAE', id: 'vae' },
  { name: 'LSTM-AD', id: 'lstm-ad' },
  { name: 'MIM-GAN', id: 'mim-gan', params: gan },
  { name: 'MAD-GAN', id: 'mad-gan', params: gan },
  { name: 'ARMA', id: 'arma' },
  { name: 'Whitened windows', id: 'whitened-windows' },
  { name: 'KNN', id: 'knn' },
  { name: 'LOF', id: 'lof' },
  { name: 'Feature bagging', id: 'feature-bagging' },
  { name: 'OC-SVM', id: 'oc-svm' },
  // Shapes need a length: one subsequence covers what the others join.
  { name: 'Matrix profile', id: 'matrix-profile', lengths: [SPAN, SPAN] },
  { name: 'PCA', id: 'pca' },
  { name: 'CVA', id: 'cva' },
  { name: 'CVA, all three statistics', id: 'cva', params: { score: 'combined' } },
  { name: 'Isolation forest', id: 'isolation-forest' },
  { name: 'Autoencoder', id: 'autoencoder' },
  { name: 'DAGMM', id: 'dagmm' },
  { name: 'GDN', id: 'gdn' },
  { name: 'EWMA chart a tag', id: 'ewma' },
  { name: 'EWMA chart a tag, of the values', id: 'ewma', params: { order: 0 } },
  { name: 'EWMA chart of all tags, of the values', id: 'ewma', params: { order: 0, combine: 'together' } },
  { name: 'CUSUM chart a tag', id: 'cusum' },
  { name: 'CUSUM chart a tag, of the values', id: 'cusum', params: { order: 0 } },
  { name: 'CUSUM chart of all tags, of the values', id: 'cusum', params: { order: 0, combine: 'together' } },
  { name: 'Robust z', id: 'robust-z' },
  { name: 'One-liner: moving range', id: 'one-liner' },
  { name: 'One-liner: moving standard deviation', id: 'one-liner', params: { rule: 'moving-std' } },
  { name: 'One-liner: first difference', id: 'one-liner', params: { rule: 'first-difference' } },
  { name: 'One-liner: distance from the mean', id: 'one-liner', params: { rule: 'max-abs-z' } },
  { name: 'T² of rows', id: 'pca', params: { score: 't2', components: 11 }, lengths: row },
  { name: 'Q of rows', id: 'pca', params: { score: 'q', components: 11 }, lengths: row },
  { name: 'Mahalanobis of rows', id: 'whitened-windows', params: { distance: 'mahalanobis' }, lengths: row },
  { name: 'KNN of rows', id: 'knn', lengths: row },
  { name: 'LOF of rows', id: 'lof', lengths: row },
  { name: 'OC-SVM of rows', id: 'oc-svm', lengths: row },
  { name: 'Isolation forest of rows', id: 'isolation-forest', lengths: row, seeds: tenSeeds },
];

export const tep: PaperSuite<TepResult> = {
  name: 'tep',
  folder: 'tep',
  async run({ data: folder, seeds, quick, only, engine, log }, before, save) {
    const data = await loadTep(folder);
    const wanted = wantedOf(only);
    const result = (measured: readonly SettingResult[]): TepResult => ({
      ...{ engine: `${engine.info.backend} ${engine.info.version}`, quick },
      settings: settings.flatMap(({ name }) => measured.find((one) => one.name === name) ?? []),
    });
    let measured = before?.settings ?? [];
    for (const { name, id, params: given, lengths, seeds: own } of settings) {
      const [window, span] = lengths ?? [WINDOW, SPAN];
      const short = quick && id === 'hreg-vae-lstm' ? { vaeSteps: 50, lstmSteps: 50 } : {};
      for (const one of contestant(id, name, window, span, { ...given, ...short }).filter(wanted)) {
        const runs: SeedResult[] = [];
        for (const seed of quick ? seeds.slice(0, 1) : (own ?? seeds)) {
          const run = await measure(one, data, seed, engine);
          runs.push(run);
          log(line(name, run));
        }
        measured = [...measured.filter((known) => known.name !== name), { name, id, params: one.params, seeds: runs }];
        save(result(measured));
      }
    }
    return result(measured);
  },
  page: tepPage,
  gates: ({ settings: measured }) => [...tepGates(measured), ...referenceGates(measured)],
  gateRule: [
    'Medians over the seeds. Of the single rows the largest difference of any fault from the reference library; of the isolation forest it is in allowed spreads (three',
    'standard deviations of ten seeds and .005 for each fault).',
  ],
};

function line(name: string, { seed, missedMean, missedAtTrainingLimit, falseAlarms, fitSeconds }: SeedResult): string {
  return (
    `tep ${name}, seed ${seed}: missed ${short(missedMean)}, at the training limit ` +
    `${short(missedAtTrainingLimit)} with ${short(falseAlarms)} false, ${fitSeconds.toFixed(1)} s`
  );
}

async function measure(one: Contestant, { train, test, faults }: Tep, seed: number, engine: LoadedEngine): Promise<SeedResult> {
  const contest = await compete(one, train, test, seed, engine);
  if (!contest) throw new Error(`${one.id} finds the training rows too few.`);
  const runs = test.segments.map(({ start, end }, i) => ({ fault: faults[i]!, score: contest.score.subarray(start, end) }));
  const normal = runs.find(({ fault }) => fault === 0)!.score.filter((score) => !Number.isNaN(score));
  const faulty = runs
    .filter(({ fault }) => fault > 0)
    .map(({ fault, score }) => ({ fault, score: score.subarray(FAULT_FROM), visible: !INVISIBLE.includes(fault) }));
  const visible = faulty.filter((run) => run.visible);
  const [limit, trainingLimit] = [quantile(normal, 0.99), quantile(contest.normalScores, 0.99)];
  const missedAt =
    (at: number) =>
    ({ score }: { score: Float32Array }) =>
      shareOf(score, (value) => value <= at);
  const delay = quantile(
    visible.map(({ score }) => delayOf(score, limit)),
    0.5,
  );
  return {
    ...{ seed, fitSeconds: contest.fitSeconds, delay: Number.isFinite(delay) ? delay : null },
    missed: Object.fromEntries(faulty.map((run) => [run.fault, missedAt(limit)(run)])),
    missedMean: mean(visible.map(missedAt(limit))),
    missedAtTrainingLimit: mean(visible.map(missedAt(trainingLimit))),
    falseAlarms: shareOf(normal, (score) => score > trainingLimit),
  };
}

const shareOf = (scores: Float32Array, holds: (score: number) => boolean): number => scores.filter(holds).length / scores.length;

/** Rows before the first of three scores in a row above the limit. */
function delayOf(scores: Float32Array, limit: number): number {
  const at = scores.findIndex((_, i) => i + 2 < scores.length && scores.subarray(i, i + 3).every((score) => score > limit));
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
