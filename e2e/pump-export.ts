import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small export as a German historian writes it: semicolons, decimal comma, day first, status texts among the numbers. */
export interface PumpExport {
  readonly data: string;
  readonly labels: string;
  readonly rows: number;
  /** Cells with a status text. */
  readonly statusCells: number;
}

const minute = 60_000;
const start = Date.UTC(2026, 2, 2);
const rows = 2600;
/** Rows in which flow and pressure part from each other, end included. */
const faults = [
  [1300, 1339],
  [1700, 1739],
  [2200, 2259],
  [2420, 2459],
] as const;
/** Rows in which the pressure transmitter did not answer. */
const statusRows = [400, 401] as const;

const two = (n: number): string => String(n).padStart(2, '0');
function clock(row: number): string {
  const t = new Date(start + row * minute);
  const date = `${two(t.getUTCDate())}.${two(t.getUTCMonth() + 1)}.${t.getUTCFullYear()}`;
  return `${date} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:00`;
}
const comma = (value: number): string => value.toFixed(3).replace('.', ',');
/** Repeatable noise in [-1, 1], no generator needed. */
const noise = (row: number, channel: number): number =>
  Math.sin(row * 12.9898 + channel * 78.233) * 0.5 + Math.sin(row * 4.1414) * 0.5;

/** Writes the export and its labels into a folder. */
export function writePumpExport(folder: string): PumpExport {
  const lines = ['Zeitstempel;11-FI-2043.PV;11-PI-2044.PV', ';m³/h;bar(g)'];
  for (let row = 0; row < rows; row++) {
    const cycle = Math.sin((2 * Math.PI * row) / 60);
    const faulty = faults.some(([from, to]) => row >= from && row <= to);
    const flow = 160 + 12 * cycle + noise(row, 1);
    const pressure = 14.6 - (faulty ? -1.6 : 0.9) * cycle + 0.1 * noise(row, 2);
    const status = row === statusRows[0] || row === statusRows[1];
    lines.push(`${clock(row)};${comma(flow)};${status ? 'I/O Timeout' : comma(pressure)}`);
  }
  const data = join(folder, 'pump.csv');
  writeFileSync(data, `${lines.join('\r\n')}\r\n`);
  const labels = join(folder, 'faults.csv');
  const texts = faults.map(([from, to], i) => `${clock(from)};${clock(to)};anomaly;fault ${i + 1}`);
  writeFileSync(labels, `${['start;end;class;comment', ...texts].join('\n')}\n`);
  return { data, labels, rows, statusCells: statusRows.length };
}
