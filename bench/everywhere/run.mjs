// Runs every detector from the command line on a file of four kinds (one tag, a rig, network traffic, a chemical plant) and prints one table.
// Shows that each runs and what it makes of them, not which is better: networks train at most 60 steps, unless --whole is given.
// Files are as an engineer would have them; the rows of KDD99, which has no times, are taken a second apart.
// Usage: npm run bench:everywhere -- [--only id,…] [--files name,…] [--whole] [--data folder] [--cli out/main/cli.js]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    files: { type: 'string', default: '' },
    whole: { type: 'boolean', default: false },
    data: { type: 'string', default: join(root, '../shared/data') },
    cli: { type: 'string', default: join(root, 'out/main/cli.js') },
  },
});
const STEPS = 60;
/** Exit code of what the user can put right. */
const BAD_INPUT = 3;

/** Each file in the folder of data, and what the command line has to know of it. */
const files = [
  {
    name: 'NAB ambient',
    oneTag: true,
    file: 'nab/ambient_temperature_system_failure.csv',
    options: ['--labels', 'nab/combined_windows.json'],
  },
  {
    name: 'SKAB valve1',
    file: 'skab/valve1/0.csv',
    options: ['--label-column', 'anomaly', '--leave-out', 'changepoint', '--train-until', '0.35', '--calibrate-until', '0.45'],
  },
  {
    name: 'KDD99',
    file: 'kdd99/excerpt.csv',
    options: ['--row-interval', '1s', '--label-column', 'label', '--train-until', '0.3', '--calibrate-until', '0.5'],
  },
  {
    name: 'TEP fault 4',
    file: 'tep/fault_04.csv',
    options: ['--label-column', 'label', '--train-file', 'tep/normal_train.csv'],
  },
];

/** Exit code and output of a command; an answer in JSON where it gave one. */
function faultline(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [values.cli, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    child.on('close', (code) =>
      done({ code, answer: code === 0 ? JSON.parse(out) : null, said: err.trim().split('\n').at(-1) ?? '' }),
    );
  });
}

const chosen = (list, name) => list === '' || list.split(',').includes(name);

/** One cell of the table: events on a label, other events, and the seconds of the training; or why there is none. */
function cellOf({ code, answer, said }) {
  if (!answer) return `exit ${code}: ${said}`;
  const labelled = answer.events.filter((event) => event.labelled).length;
  return `${labelled} + ${answer.events.length - labelled} in ${answer.detector.trainSeconds.toFixed(1)} s`;
}

const at = (file) => join(values.data, file);
const missing = [values.cli, ...files.map(({ file }) => at(file))].filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`Not there: ${missing.join(', ')}. Build first (npm run build), and give the folder of data with --data.`);
  process.exit(2);
}
const { detectors } = (await faultline(['detectors'])).answer;
const wanted = files.filter(({ name }) => chosen(values.files, name));
let failed = 0;
console.log(`| detector | ${wanted.map(({ name }) => name).join(' | ')} |\n| --- |${' --- |'.repeat(wanted.length)}`);
for (const { id, params, channels } of detectors.filter((one) => chosen(values.only, one.id))) {
  const steps = Object.entries(params).filter(([, spec]) => spec.unit === 'steps' && spec.default > STEPS);
  const short = Object.fromEntries(steps.map(([name, spec]) => [name, Math.max(STEPS, spec.min)]));
  const given = values.whole || steps.length === 0 ? [] : ['--params', JSON.stringify(short)];
  const cells = [];
  for (const { file, options, oneTag = false } of wanted) {
    const paths = options.map((option) => (option.includes('/') ? at(option) : option));
    const result = await faultline(['analyze', at(file), ...paths, '--detector', id, '--seed', '1', ...given]);
    // One tag is too few for some, which say so; everything else is taken by every detector.
    const refusal = oneTag && channels === 'multi';
    if (refusal ? result.code !== BAD_INPUT : !result.answer) failed++;
    cells.push(cellOf(result));
  }
  console.log(`| ${id} | ${cells.join(' | ')} |`);
}
console.log('\nEvents on a label + other events of the whole file, and the seconds of the training.');
process.exitCode = failed > 0 ? 1 : 0;
