import { plan, type Measurement } from './plan';

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

interface SideCost {
  readonly cpuMs: Spread;
  readonly wallMs: Spread;
}

/** Cost of one piece of a measurement. */
export interface Line {
  readonly id: string;
  /** PyTorch's; ours computes as the product does. */
  readonly threads: number;
  readonly ours: SideCost;
  readonly twin?: SideCost;
  /** What only the job itself knows, e.g. megabytes. */
  readonly extra?: Readonly<Record<string, number>>;
  /** The series was given; absent: it was generated, or the job has none. */
  readonly given?: boolean;
}

export interface Speed {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly system: string;
    readonly node: string;
  };
  readonly versions: { readonly ours: string; readonly twin: string };
  readonly lines: readonly Line[];
}

/** docs/performance.md. */
export function page({ machine, versions, lines }: Speed, classical: string): string {
  const threads = [...new Set(lines.map((line) => line.threads))].sort((a, b) => b - a);
  const chapter = (section: Measurement['section'], count: number): string =>
    table(
      section,
      lines.filter((l) => l.threads === count),
    );
  const both = (section: Measurement['section']): string =>
    threads
      .map((count) => [count, chapter(section, count)] as const)
      .filter(([, text]) => text !== '')
      .map(([count, text]) => `PyTorch with ${count} ${count === 1 ? 'thread' : 'threads'}:\n\n${text}`)
      .join('\n\n');
  const given = lines.some((line) => line.given);
  return `# Speed beside PyTorch

Written by \`npm run bench:speed\` from \`bench/results/speed.json\`; no figure here is typed by hand.

Ours: ${versions.ours}, Node ${machine.node}. Beside it: ${versions.twin}. Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB,
${machine.system}. Both are measured in one run, in turn, round after round; each figure is the median, with the lowest and the highest round in
brackets. CPU is the time of all threads together, wall the time on the clock; the machine was shared with other work, which wall shows more
than CPU. The ratio is ours over PyTorch's, from the medians; a goal is judged by CPU time beside PyTorch with two threads, its way on this machine,
and is met where the last column says yes. Ours computes with one thread, as the product does
([decision 0018](decisions/0018-one-thread.md)), so that the second core stays free: by the clock PyTorch has both.

## A training step of an LSTM

Steps x batch x inputs x hidden, one layer and a linear one: forward, backward, Adam, milliseconds a step.

${both('lstm')}

## A training step of the autoencoder, DAGMM and GDN

The detectors' own training, batch 128, \`hidden\` 64: drawing the batch, forward, backward, clipping, Adam, and every tenth step a look at 512 held-out
windows; PyTorch does the same. Milliseconds a step.

${both('networks')}

## A whole fit of Hreg-VAE-LSTM

1,500 steps of the VAE and 1,000 of the LSTM, batch 128, windows of 24 x 7, validation every tenth step, on ${given ? 'a series of the Numenta Anomaly Benchmark' : 'a generated series with the rhythm of a taxi count'}.
Ours has in it what the detector adds: splits, expected band, normal scores. Milliseconds a fit.

${both('hreg')}

## MIM-GAN on six signals

An iteration is one step of each network. The inversion searches the latent numbers of a block of windows. Milliseconds a piece.

${both('gan')}

## Scoring and memory

${chapter('alone', threads[0]!)}

${classical}
## What limits it

- Long and wide LSTMs are ahead because the whole recurrence is one operation of the library. Small ones spend a good part of a step on
  handing single operations from JavaScript to the library, which PyTorch does in less time.
- One thread: a step of an LSTM of medium size takes PyTorch's two threads half of our time by the clock. Two threads would not help ours: the library
  splits each small product inside the recurrence and waits for both, which takes longer than one thread needs.
- PyTorch's threads wait in a loop: where other work takes one of their cores, its figures at two threads say nothing. Measure those on a machine
  that is free.

## How to run it

\`\`\`
python3 -m venv <folder> && <folder>/bin/pip install -r bench/requirements.txt
npm run bench:speed -- --python <folder>/bin/python [--threads 2] [--series <file.csv>] [--only lstm,autoencoder,dagmm,gdn,hreg,gan,scoring,leak] [--quick]
\`\`\`

\`--series\` takes a CSV file whose second column is the value; without it a series is generated. \`--threads\` are PyTorch's;
each number has its own lines in the result. \`--only\` measures some lines anew and keeps the others. \`--quick\` shows that everything
works and stores nothing. \`--page\` writes this page anew from the stored results. The classical methods are measured with
\`npm run bench:speed -- classical --python <folder>/bin/python [--threads 2] [--only knn,lof,…] [--quick]\`,
their growth with \`npm run bench:speed -- classical --growth\`.
`;
}

function table(section: Measurement['section'], lines: readonly Line[]): string {
  const rows = plan
    .filter((measurement) => measurement.section === section)
    .flatMap((measurement) => lines.filter(({ id }) => id === measurement.id).map((line) => cells(measurement, line)));
  if (rows.length === 0) return '';
  const head =
    section === 'alone'
      ? ['what', 'CPU', 'wall', 'memory']
      : ['what', 'ours CPU', 'PyTorch CPU', 'ratio', 'ours wall', 'PyTorch wall', 'ratio', 'goal', 'met'];
  return aligned(head, rows);
}

/** A table whose columns stand under each other in the text too. */
export function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cells({ title, goal, alone, pieces, job }: Measurement, { threads, ours, twin, extra }: Line): string[] {
  if (alone) {
    const count = job === 'leak' ? pieces : 1;
    const seconds = ({ median }: Spread): string => `${((count * median) / 1000).toFixed(1)} s`;
    return [title, seconds(ours.cpuMs), seconds(ours.wallMs), memory(extra!)];
  }
  const ratio = (of: keyof SideCost): number => ours[of].median / twin![of].median;
  return [
    title,
    ...[range(ours.cpuMs), range(twin!.cpuMs), ratio('cpuMs').toFixed(2)],
    ...[range(ours.wallMs), range(twin!.wallMs), ratio('wallMs').toFixed(2)],
    ...(goal === undefined || threads === 1 ? ['', ''] : [`≤ ${goal}`, ratio('cpuMs') <= goal ? 'yes' : 'no']),
  ];
}

function memory({ residentMb, riseMb, tensorsAdded, residentRise }: Readonly<Record<string, number>>): string {
  if (riseMb !== undefined) return `${riseMb.toFixed(0)} MB over ${residentMb!.toFixed(0)} MB`;
  return `${tensorsAdded} tensors more, resident memory ${(100 * residentRise!).toFixed(1)} % more`;
}

export function range({ median, lowest, highest }: Spread): string {
  const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
  const [m, a, b] = [median, lowest, highest].map((value) => value.toFixed(digits));
  return `${m} (${a} to ${b})`;
}
