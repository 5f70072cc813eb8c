#!/usr/bin/env node
/**
 * Writes resources/sample/pump-train.csv and pump-train-labels.csv: 42 days of a feed pump as a historian exports them.
 *
 *   node scripts/sample/generate.mjs [--seed N] [--out FOLDER]
 *
 * The same seed gives the same bytes. Node's own modules only.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faults, repair } from './faults.mjs';
import { simulate, STEP_MINUTES, tags } from './plant.mjs';
import { stream } from './random.mjs';

const START = Date.UTC(2026, 2, 2);
const DAYS = 42;
const DAY_MS = 86_400_000;

const { values: options } = parseArgs({ options: { seed: { type: 'string', default: '1104' }, out: { type: 'string' } } });
const seed = Number(options.seed);
const folder = options.out ?? join(dirname(fileURLToPath(import.meta.url)), '../../resources/sample');

const stamp = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const onGrid = (day) => START + Math.round((day * DAY_MS) / (STEP_MINUTES * 60_000)) * STEP_MINUTES * 60_000;

const { rows, trip, restart } = simulate(seed, DAYS, faults, repair);

// What the historian does to good measurements: a server that times out, single cells that were never stored, a pause of the archive.
const historian = stream(seed, 'historian');
const between = (day, from, minutes) => day >= from && day < from + minutes / 1440;
const ioTimeout = (day, key) => between(day, 13.318, 8) || (key === 'suction' && between(day, 13.318, 46));
const badInput = (day, key) => key === 'vibration' && (between(day, 9.47, 6) || between(day, 9.51, 4));
const archiveOff = (day) => between(day, 16.552, 26);

const lines = [['Timestamp', ...tags.map((t) => t.name)].join(','), ['', ...tags.map((t) => t.unit)].join(',')];
rows.forEach(({ day, values }, step) => {
  const cells = tags.map(({ key, digits }) => {
    const lost = historian.next() < 0.0004;
    if (ioTimeout(day, key)) return 'I/O Timeout';
    if (badInput(day, key)) return 'Bad Input';
    return lost ? '' : values[key].toFixed(digits);
  });
  if (!archiveOff(day)) lines.push(`${stamp(START + step * STEP_MINUTES * 60_000)},${cells.join(',')}`);
});

const quoted = (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const labels = [
  ...faults.map((f) => ({ from: f.day, to: f.day + f.hours / 24, class: f.class, text: f.text })),
  { from: trip, to: restart, class: repair.class, text: repair.text },
];
const last = STEP_MINUTES * 60_000;
const labelLines = [
  'start,end,class,comment',
  ...labels.map((l) => [stamp(onGrid(l.from)), stamp(onGrid(l.to) - last), l.class, quoted(l.text)].join(',')),
];

await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'pump-train.csv'), `${lines.join('\n')}\n`);
await writeFile(join(folder, 'pump-train-labels.csv'), `${labelLines.join('\n')}\n`);
process.stdout.write(`${lines.length - 2} rows, ${labels.length} labels, seed ${seed}\n`);
