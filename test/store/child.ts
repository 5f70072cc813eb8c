/** Program of the second process in the tests: `labels FILE DATASET` writes labels and prints each once it is saved; `open FILE` opens. */
import { FaultlineError } from '../../src/core/errors';
import { openProject } from '../../src/main/store/index';

const [command, file = '', datasetId = ''] = process.argv.slice(2);
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
} else {
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
