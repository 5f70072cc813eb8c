/**
 * Program of the second process in the tests. `labels FILE DATASET` writes labels and prints each once it is saved; `open FILE` opens
 * and says what it got; `import FILE` appends rows without end; `copy FILE TARGET` writes copies over one another without end;
 * `migrate FILE` dies in the middle of a migration.
 */
import { FaultlineError } from '../../src/core/errors';
import { migrations } from '../../src/main/store/migrations/index';
import { openProject } from '../../src/main/store/project-store';
import { newDataset, rows } from './fixtures';

const [command, file = '', argument = ''] = process.argv.slice(2);
const channels = ['flow', 'valve', 'level', 'motor'];
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

if (command === 'open') {
  try {
    const store = openProject(file);
    say({ name: store.name, readOnly: store.readOnly });
    store.close();
  } catch (error) {
    if (!(error instanceof FaultlineError)) throw error;
    say({ code: error.code, message: error.message, details: error.details });
  }
} else if (command === 'import') {
  const store = openProject(file);
  const id = store.datasets.beginDataset(newDataset(channels, 'half'));
  say('ready');
  const append = (row: number): void => {
    store.datasets.appendRows(id, rows(row, 20_000, channels.length));
    setImmediate(() => append(row + 20_000));
  };
  append(0);
} else if (command === 'copy') {
  const store = openProject(file);
  say('ready');
  for (;;) await store.copyTo(argument, { name: 'Copy', replace: true });
} else if (command === 'migrate') {
  openProject(file, {
    migrations: [
      ...migrations,
      {
        version: migrations.length + 1,
        up(db) {
          db.exec('CREATE TABLE half (a); DELETE FROM label_operation; DELETE FROM label');
          process.kill(process.pid, 'SIGKILL');
        },
      },
    ],
  });
} else {
  const datasetId = argument;
  const store = openProject(file);
  say('ready');
  const first = store.labels.list(datasetId).revision;
  const write = (n: number): void => {
    const comment = `label ${n} ${'x'.repeat(n % 500)}`;
    store.labels.apply(datasetId, { add: [{ start: n, end: n + 1, class: 'anomaly', comment, channels: ['flow'] }] });
    say(n);
    // Through the event loop, so that the line leaves before the next label is begun.
    setImmediate(() => write(n + 1));
  };
  write(first);
}
