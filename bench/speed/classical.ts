import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureGrowth } from './growth';
import type { Answer } from './job';
import type { Classical, ClassicalLine } from './page-classical';
import { classicalPlan, type ClassicalMeasurement } from './plan-classical';
import { plantRows } from './series';
import { startSide } from './side';

const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, '../results/speed-classical.json');

/** Measures beside scikit-learn and merges the lines into the committed result. */
export async function measureClassical(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
      threads: { type: 'string', default: '2' },
      only: { type: 'string', default: '' },
      growth: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const wanted = values.only.split(',').filter(Boolean);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-speed-'));
  try {
    if (values.growth) {
      const growth = await measureGrowth(folder, values.quick);
      if (!values.quick) store({ growth });
      return;
    }
    for (const measurement of classicalPlan.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
      const line = await measure(measurement, {
        python: values.python,
        threads: Number(values.threads),
        quick: values.quick,
        folder,
      });
      console.log(JSON.stringify(line));
      if (!values.quick) store({ lines: merged(line) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Settings {
  readonly python: string;
  readonly threads: number;
  readonly quick: boolean;
  readonly folder: string;
}

/** Rows of a quick run. */
const QUICK_ROWS = 3000;

async function measure(given: ClassicalMeasurement, { python, threads, quick, folder }: Settings): Promise<ClassicalLine> {
  const shape = quick ? { ...given.shape, rows: Math.min(given.shape.rows, QUICK_ROWS) } : given.shape;
  const data = join(folder, 'rows.f32');
  const values = plantRows(2 * (shape.rows + (shape.window ?? 1) - 1), shape.channels);
  writeFileSync(data, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const request = { job: given.job, shape, pieces: 1, data };
  const start = {
    // Its engine as the product sets it, whatever the twin is given.
    ours: () => startSide(process.execPath, [join(here, 'ours.mjs'), String(threads)]),
    twin: () => startSide(python, [join(here, 'twins/classical.py'), String(threads)], threads),
  };
  const answers: Record<'ours' | 'twin', Answer[]> = { ours: [], twin: [] };
  const versions = { ours: '', twin: '' };
  for (let round = 0; round < (quick ? 1 : given.rounds); round++) {
    // In turn, the other one first in every second round; each in a process of its own, whose peak of memory is that of the job.
    for (const name of round % 2 === 0 ? (['ours', 'twin'] as const) : (['twin', 'ours'] as const)) {
      const side = await start[name]();
      try {
        versions[name] = side.version;
        answers[name].push(await side.ask(request));
      } finally {
        side.close();
      }
    }
  }
  return { id: given.id, threads, versions, ours: summary(answers.ours), twin: summary(answers.twin) };
}

function summary(answers: readonly Answer[]): ClassicalLine['ours'] {
  const spread = (of: (answer: Answer) => number) => {
    const sorted = answers.map(of).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    return { median, lowest: sorted[0]!, highest: sorted.at(-1)! };
  };
  const { chosen } = answers[0]!;
  return {
    ...{
      cpuMs: spread(({ cpuMs }) => cpuMs),
      wallMs: spread(({ wallMs }) => wallMs),
      scoreMs: spread(({ extra }) => extra!['scoreMs']!),
    },
    ...{ peakMb: spread(({ extra }) => extra!['peakMb']!).highest, meanScore: answers[0]!.extra!['meanScore']! },
    ...(chosen && { chosen }),
  };
}

export function storedClassical(): Classical | null {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Classical;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The stored lines with this one in its place. */
function merged(line: ClassicalLine): ClassicalLine[] {
  const key = ({ id, threads }: ClassicalLine): string => `${threads} ${id}`;
  const kept = (storedClassical()?.lines ?? []).filter((other) => key(other) !== key(line));
  const order = (l: ClassicalLine): number => 100 * l.threads + classicalPlan.findIndex(({ id }) => id === l.id);
  return [...kept, line].sort((a, b) => order(a) - order(b));
}

function store(change: Partial<Classical>): void {
  const result: Classical = {
    machine: {
      ...{ processor: cpus()[0]!.model, cores: availableParallelism(), memoryGb: Math.round(totalmem() / 2 ** 30) },
      ...{ system: `${process.platform} ${process.arch}`, node: process.version },
    },
    ...{ lines: storedClassical()?.lines ?? [], growth: storedClassical()?.growth ?? [] },
    ...change,
  };
  writeFileSync(results, `${JSON.stringify(result, null, 1)}\n`);
}
