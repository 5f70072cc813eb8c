import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureClassical, storedClassical } from './classical';
import type { Answer, Request } from './job';
import { page, type Line, type Speed } from './page';
import { classicalChapters } from './page-classical';
import type { GrowthPoint } from './page-growth';
import { plan, type Measurement } from './plan';
import { growthSweeps, type Axis } from './plan-growth';
import { growthPlot } from './plot-growth';
import { nabLike, scaledColumn } from './series';
import { startSide, type Side } from './side';

const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, '../results/speed.json');
const performancePage = join(here, '../../docs/performance.md');

/** Rows of a NAB series that are taken as normal and fitted. */
const FIT_ROWS = 5500;

/** Measures, merges the lines into the committed result, and writes the page from it. */
export async function main(args: string[]): Promise<void> {
  if (args[0] === 'classical') {
    await measureClassical(args.slice(1));
    if (!args.includes('--quick')) writePage();
    return;
  }
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
      series: { type: 'string' },
      threads: { type: 'string', default: '2' },
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
    },
  });
  if (!values.page) {
    const threads = Number(values.threads);
    const wanted = values.only.split(',').filter(Boolean);
    const chosen = plan.filter(({ id }) => wanted.length === 0 || wanted.some((name) => id.startsWith(name)));
    const folder = mkdtempSync(join(tmpdir(), 'faultline-speed-'));
    try {
      const data = join(folder, 'series.f32');
      const series = (values.series ? scaledColumn(values.series) : nabLike(FIT_ROWS)).slice(0, FIT_ROWS);
      writeFileSync(data, new Uint8Array(series.buffer, series.byteOffset, series.byteLength));
      await measure(chosen, { python: values.python, threads, data, quick: values.quick, given: values.series !== undefined });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (!values.quick) writePage();
}

function writePage(): void {
  const classical = storedClassical();
  if (classical && classical.growth.length > 0) writePlots(classical.growth);
  writeFileSync(
    performancePage,
    page(stored()!, classical ? classicalChapters(classical, (axis) => `images/performance/growth-${axis}.svg`) : ''),
  );
}

function writePlots(growth: readonly GrowthPoint[]): void {
  const folder = join(dirname(performancePage), 'images/performance');
  mkdirSync(folder, { recursive: true });
  for (const axis of Object.keys(growthSweeps) as Axis[])
    writeFileSync(join(folder, `growth-${axis}.svg`), growthPlot(growth, axis));
}

interface Settings {
  readonly python: string;
  readonly threads: number;
  readonly data: string;
  readonly quick: boolean;
  readonly given: boolean;
}

async function measure(chosen: readonly Measurement[], { python, threads, data, quick, given }: Settings): Promise<void> {
  // As the product computes, whatever PyTorch is given.
  const ours = await startSide(process.execPath, [join(here, 'ours.mjs')]);
  const twin = chosen.every(({ alone }) => alone) ? null : await startSide(python, [join(here, 'twins'), String(threads)], threads);
  try {
    for (const measurement of chosen) {
      const { job, shape, pieces, rounds, series, alone } = measurement;
      const request: Request = { job, shape, pieces: quick ? Math.min(pieces, 2) : pieces, ...(series && { data }) };
      const answers: { ours: Answer[]; twin: Answer[] } = { ours: [], twin: [] };
      for (let round = 0; round < (quick ? 1 : rounds); round++) {
        // In turn, and the other one first in every second round: what else the machine does meets both.
        const turns: readonly [Side | null, Answer[]][] = [
          [ours, answers.ours],
          [alone ? null : twin, answers.twin],
        ];
        for (const [side, list] of round % 2 === 0 ? turns : turns.toReversed()) if (side) list.push(await side.ask(request));
      }
      const line: Line = { ...summary(measurement, threads, answers), ...(series && { given }) };
      console.log(`${line.id}, PyTorch with ${threads} threads: ${JSON.stringify(line)}`);
      // After each line, so that an interrupted run keeps what it measured.
      if (!quick) store(line, ours, twin);
    }
  } finally {
    ours.close();
    twin?.close();
  }
}

function summary(
  { id }: Measurement,
  threads: number,
  answers: { ours: readonly Answer[]; twin: readonly Answer[] },
): Omit<Line, 'given'> {
  const { extra } = answers.ours[0]!;
  const side = (list: readonly Answer[]) => ({
    cpuMs: spreadOf(list.map(({ cpuMs }) => cpuMs)),
    wallMs: spreadOf(list.map(({ wallMs }) => wallMs)),
  });
  return {
    id,
    threads,
    ours: side(answers.ours),
    ...(answers.twin.length > 0 && { twin: side(answers.twin) }),
    ...(extra && { extra }),
  };
}

function spreadOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, lowest: sorted[0]!, highest: sorted.at(-1)! };
}

function stored(): Speed | null {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Speed;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function store(line: Line, ours: Side, twin: Side | null): void {
  const before = stored();
  const key = ({ id, threads }: Line): string => `${threads} ${id}`;
  const kept = (before?.lines ?? []).filter((other) => key(other) !== key(line));
  const order = (l: Line): number => 100 * l.threads + plan.findIndex(({ id }) => id === l.id);
  const speed: Speed = {
    machine: {
      ...{ processor: cpus()[0]!.model, cores: availableParallelism(), memoryGb: Math.round(totalmem() / 2 ** 30) },
      ...{ system: `${process.platform} ${process.arch}`, node: process.version },
    },
    versions: { ours: ours.version, twin: twin?.version ?? before?.versions.twin ?? 'not measured' },
    lines: [...kept, line].sort((a, b) => order(a) - order(b)),
  };
  writeFileSync(results, `${JSON.stringify(speed, null, 1)}\n`);
}
