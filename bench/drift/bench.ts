import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '../../src/core/detectors/shared/windows';
import { learnAnchor } from '../../src/core/drift/anchor';
import { followLevels } from '../../src/core/drift/levels';
import { lowerScores, referenceOf, scoreRise } from '../../src/core/drift/reference';
import { driftRule, proposeDrift, type DriftRule } from '../../src/core/drift/rule';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { loadEngine, type LoadedEngine } from '../../src/main/compute/tensorflow';
import { compete, contestant, type Contestant } from '../papers/contest';
import { driftPage, missed } from './page';
import { generatedPlant, skabFiles, skabPlant, type Plant } from './plants';
import { missedRates, network, usualVariant, type Entry, type Rates, type Result } from './result';

/** What is followed, and by which rule. */
interface Variant {
  readonly id: string;
  readonly levels: boolean;
  /** The score's reference is followed too. */
  readonly score?: true;
  /** Of the rule's half-life, to choose each tag's from; absent: as always. */
  readonly shares?: readonly number[];
  /** Levels are taken off what is scored, not off what trains. */
  readonly trainedPlain?: boolean;
  readonly rule?: (usual: DriftRule) => DriftRule;
}

const levels = { levels: true };
const main3: readonly Variant[] = [
  { id: 'not followed', levels: false },
  { id: usualVariant, ...levels },
  { id: 'followed, the score’s reference too', ...levels, score: true },
];
const others: readonly Variant[] = [
  { id: 'one half-life for all tags', ...levels, shares: [1] },
  { id: 'model trained on data as they are', ...levels, trainedPlain: true },
  { id: 'half-life halved', ...levels, rule: ({ halfLifeMs, holdMs }) => driftRule(halfLifeMs / 2, { holdMs }) },
  { id: 'half-life doubled', ...levels, rule: ({ halfLifeMs, holdMs }) => driftRule(halfLifeMs * 2, { holdMs }) },
  { id: 'hold halved', ...levels, rule: ({ halfLifeMs, holdMs }) => driftRule(halfLifeMs, { holdMs: holdMs / 2 }) },
  { id: 'hold doubled', ...levels, rule: ({ halfLifeMs, holdMs }) => driftRule(halfLifeMs, { holdMs: holdMs * 2 }) },
  { id: 'reach 5', ...levels, rule: ({ halfLifeMs }) => driftRule(halfLifeMs, { reach: 5 }) },
];

/** Windows of 8 rows, scores over 24: the rows after an event that still cover some of it are not judged. */
const window = 8;
const span = 24;
const cheap = ['robust-z', 'pca', 'whitened-windows', 'knn'];
const networkFiles = [0, 5, 10];
const generatedSeeds = Array.from({ length: 20 }, (_, i) => i + 1);

/**
 * Measures, and writes bench/results/drift.json and docs/drift.md. `--page` writes the page alone; `--quick` takes one plant and two files, and
 * writes nothing.
 *
 * @returns 1 when a gate is missed.
 */
export async function main(args: string[]): Promise<number> {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      quick: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
    },
  });
  const file = join(root, 'bench/results/drift.json');
  if (values.page) return writePage(root, file);
  const data = resolve(values.data ?? join(root, '../shared/data'));
  const engine = await loadEngine();
  const entries: Entry[] = [];
  const add = async (id: string, kind: Entry['data'], plants: readonly Plant[], variants: readonly Variant[]): Promise<void> => {
    for (const one of contestant(id, id, window, span)) {
      for (const variant of variants) {
        const entry = {
          data: kind,
          detector: id,
          variant: variant.id,
          plants: plants.length,
          ...(await measure(one, plants, variant, engine)),
        };
        entries.push(entry);
        console.log(`${kind} ${id} ${variant.id}: after ${entry.atMissed.map(({ after }) => after.toFixed(3)).join(' ')}`);
      }
    }
  };
  const seeds = values.quick ? generatedSeeds.slice(0, 1) : generatedSeeds;
  for (const kind of ['levels', 'levels and spread'] as const) {
    const plants = seeds.map((seed) => generatedPlant(seed, kind !== 'levels'));
    for (const id of cheap) await add(id, kind, plants, [...main3, ...others]);
  }
  const experiments = (values.quick ? skabFiles.slice(0, 2) : skabFiles).map((file) => skabPlant(data, file));
  for (const id of cheap) await add(id, 'skab', experiments, main3);
  if (!values.quick) {
    await add(
      network,
      'skab',
      networkFiles.map((file) => experiments[file]!),
      main3,
    );
  }
  if (values.quick) return 0;

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const result: Result = { version, engine: `${engine.info.backend} ${engine.info.version}`, entries };
  mkdirSync(dirname(file), { recursive: true });
  const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  writeFileSync(file, `${JSON.stringify(result, rounded, 1)}\n`);
  return writePage(root, file);
}

/** docs/drift.md from the results, and the gates. */
function writePage(root: string, file: string): number {
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
  writeFileSync(join(root, 'docs/drift.md'), driftPage(result));
  const lines = missed(result);
  for (const line of lines) console.log(`missed: ${line}`);
  return lines.length === 0 ? 0 : 1;
}

/** Scores of all plants in units of each model's own 99 % quantile of held-out normal scores, so that one threshold serves all. */
async function measure(
  one: Contestant,
  plants: readonly Plant[],
  variant: Variant,
  engine: LoadedEngine,
): Promise<Pick<Entry, 'atMissed' | 'atQ99'>> {
  const found = { event: [] as number[], before: [] as number[], after: [] as number[] };
  for (const plant of plants) {
    const score = await relativeScores(one, plant, variant, engine);
    for (let row = plant.trainRows + span; row < score.length; row++) {
      const kind = kindOf(plant, row);
      if (kind !== null && Number.isFinite(score[row]!)) found[kind].push(score[row]!);
    }
  }
  const above = (scores: readonly number[], threshold: number): number =>
    scores.reduce((sum, value) => sum + (value >= threshold ? 1 / scores.length : 0), 0);
  const rates = (threshold: number): Rates => ({
    missed: 1 - above(found.event, threshold),
    before: above(found.before, threshold),
    after: above(found.after, threshold),
  });
  return { atMissed: missedRates.map((rate) => rates(quantile(found.event, rate))), atQ99: rates(1) };
}

/** In an event, before the first one, or after one; null while the score still covers rows of an event that has ended. */
function kindOf({ events }: Plant, row: number): 'event' | 'before' | 'after' | null {
  if (events.some(({ start, end }) => row >= start && row < end)) return 'event';
  const ended = events.filter(({ end }) => end <= row);
  if (ended.length === 0) return 'before';
  return ended.every(({ end }) => row >= end + span) ? 'after' : null;
}

async function relativeScores(
  one: Contestant,
  { series, trainRows }: Plant,
  variant: Variant,
  engine: LoadedEngine,
): Promise<number[]> {
  const usual = proposeDrift(trainRows * series.stepMs, series.stepMs);
  const rule = variant.rule?.(usual) ?? usual;
  const followed = variant.levels ? withoutLevels(series, trainRows, rule, variant.shares) : series;
  const learned = headOf(variant.trainedPlain ? series : followed, trainRows);
  const contest = await compete(one, learned, followed, 1, engine);
  if (!contest) throw new Error(`${one.id}: too few rows to train on`);
  const { score, normalScores } = contest;
  const reference = variant.score ? referenceOf(normalScores) : null;
  const lowered = reference ? lowerScores({ score }, scoreRise(score, reference, rule, series.stepMs)).score : score;
  const unit = quantile(normalScores, 0.99);
  return Array.from(lowered, (value) => value / unit);
}

function withoutLevels(series: PreparedSeries, trainRows: number, rule: DriftRule, shares?: readonly number[]): PreparedSeries {
  const n = series.timestamps.length;
  const trains = new Uint8Array(n).fill(1, 0, trainRows);
  const anchor = learnAnchor(
    series,
    trains,
    rule,
    series.channels.map(() => true),
    shares,
  );
  return followLevels(series, anchor, rule, new Uint8Array(n)).data;
}

function headOf(series: PreparedSeries, rows: number): PreparedSeries {
  return {
    ...series,
    timestamps: series.timestamps.slice(0, rows),
    values: series.values.slice(0, rows * series.channels.length),
    segments: [{ start: 0, end: rows }],
  };
}
