import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEngine } from '../../src/main/compute/tensorflow';
import { evidencePage, type Evidence } from './evidence';
import { fourSines } from './four-sines';
import { missedGates } from './gates';
import { kdd99 } from './kdd99';
import { kdd99Rows } from './kdd99-rows';
import { nab } from './nab';
import { openPrize } from './open-prize';
import { pageOf, type Chapter } from './page';
import { skab } from './skab';
import { bestRun, type StoredRun } from './stored';
import type { PaperSuite } from './suite';
import { tep } from './tep';

const root = resolve(import.meta.dirname, '../..');
const pageFile = join(root, 'docs/papers.md');

/** In the order of the page. */
const suites: readonly PaperSuite<unknown>[] = [nab, skab, tep, fourSines, kdd99, kdd99Rows, openPrize];

const usage = `Usage: npm run bench:papers -- ${[...suites.map(({ name }) => name), 'page'].join('|')} [--seeds 3] [--quick] [--only id,…] [--data <folder>]`;

/** Runs one suite and writes its results and the page. @returns the exit code: 1 when a gate is missed. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      data: { type: 'string' },
    },
  });
  const [name] = positionals;
  if (name === 'page') {
    writePage();
    return 0;
  }
  const suite = suites.find((candidate) => candidate.name === name);
  const seedCount = Number(values.seeds);
  if (!suite || !Number.isInteger(seedCount) || seedCount < 1) {
    console.error(usage);
    return 2;
  }
  const data = dataFolder(suite, values.data);
  if (data === null) return 2;
  return runSuite(suite, {
    data,
    seeds: Array.from({ length: values.quick ? 1 : seedCount }, (_, i) => i + 1),
    quick: values.quick,
    only: values.only.split(',').filter(Boolean),
  });
}

/** Folder of the suite's data, '' where it generates them; says what is missing and gives null. */
function dataFolder(suite: PaperSuite<unknown>, given: string | undefined): string | null {
  if (suite.folder === '') return '';
  const folder = resolve(given ?? join(root, '../shared/data'), suite.folder);
  if (existsSync(folder)) return folder;
  console.error(
    given === undefined
      ? `There is no folder of data beside the project. Give the folder that holds ${suite.folder}/ with --data.`
      : `The folder given with --data holds no ${suite.folder}/.`,
  );
  return null;
}

interface RunChoices {
  readonly data: string;
  readonly seeds: readonly number[];
  readonly quick: boolean;
  readonly only: readonly string[];
}

async function runSuite(suite: PaperSuite<unknown>, choices: RunChoices): Promise<number> {
  const engine = await loadEngine();
  const { backend, version: library, threads } = engine.info;
  console.log(
    `${suite.name}: ${backend}, ${library}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, seeds ${choices.seeds.join(' ')}`,
  );
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const key = { version, engine: `${backend} ${library}`, seeds: choices.seeds };
  const same = (run: StoredRun): boolean =>
    JSON.stringify([run.version, run.engine, run.seeds]) === JSON.stringify(Object.values(key));
  const file = resultsFile(suite, choices.quick);
  const others = readRuns(file).filter((run) => !same(run));
  const before = readRuns(file).find(same)?.result ?? null;
  const save = (result: unknown): void => writeRuns(file, [...others, { ...key, result }]);
  const result = await suite.run({ ...choices, engine, log: (line) => console.log(line) }, before, save);
  save(result);
  if (choices.quick) {
    // A quick run shows that everything works; the committed figures and the page stay.
    console.log(`\n${suite.page(result)}\n\nA quick run: judged by no gate, not in docs/papers.md.`);
    return 0;
  }
  writePage();
  const missed = missedGates(suite.gates(result));
  for (const line of missed) console.log(`missed: ${line}`);
  if (missed.length === 0) console.log('Every gate is met.');
  return missed.length === 0 ? 0 : 1;
}

function resultsFile({ name }: PaperSuite<unknown>, quick = false): string {
  return join(root, 'bench/results', `papers-${name}${quick ? '-quick' : ''}.json`);
}

function readRuns(file: string): StoredRun[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredRun[]) : [];
}

function writeRuns(file: string, runs: readonly StoredRun[]): void {
  mkdirSync(dirname(file), { recursive: true });
  // Six digits are more than any of these figures means.
  const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
  writeFileSync(file, `${JSON.stringify(runs, rounded, 1)}\n`);
}

function writePage(): void {
  const chapters = suites.flatMap((suite): Chapter[] => {
    const run = bestRun(readRuns(resultsFile(suite)));
    return run ? [{ suite, run }] : [];
  });
  const resultOf = (suite: PaperSuite<unknown>): unknown => chapters.find((chapter) => chapter.suite === suite)?.run.result;
  const evidence = { nab: resultOf(nab), skab: resultOf(skab), tep: resultOf(tep) };
  const complete = Object.values(evidence).every((result) => result !== undefined);
  writeFileSync(pageFile, pageOf(chapters, complete ? evidencePage(evidence as Evidence) : ''));
}
