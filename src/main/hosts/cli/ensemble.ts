import type { Command, Output, StartClient } from './command';
import { projectOptions, readArgs, usage } from './options';
import { pick, requireProject } from './steps';

const help = `Usage: faultline ensemble --project P --run A --run B [options]

Combines stored runs of one dataset into a run of its own. Each score becomes its p-value against normal scores of its detector from the
calibration part or held out while training; the test part is not read for that.

  --project P        the project file (*.faultline)
  --run ID|TITLE     a member; two or more
  --method METHOD    rank-average: mean percentile rank (default)
                     max-p: the member that is surest decides
  --name NAME        title of the new run
  --data DIR         folder of settings (default: the user's own)
  --json             one JSON object on standard output and nothing else
  --help             this text

Example:
  faultline ensemble --project pump.faultline --run "Robust z on march" --run "Hreg-VAE-LSTM on march" --method max-p
`;

const options = {
  ...projectOptions,
  run: { type: 'string', multiple: true },
  method: { type: 'string' },
  name: { type: 'string' },
} as const;

function methodOf(text = 'rank-average'): 'rank-average' | 'max-p' {
  if (text === 'rank-average' || text === 'max-p') return text;
  return usage(`--method must be rank-average or max-p, not "${text}".`);
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('ensemble', args, options, []);
  const method = methodOf(values.method);
  const wanted = values.run ?? [];
  if (wanted.length < 2) usage('An ensemble needs --run twice or more.');
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const members = wanted.map((text) => pick(project.runs, 'run', text));
  const { runId } = await client.call('ensemble.create', {
    runIds: members.map(({ id }) => id),
    method,
    ...(values.name === undefined ? {} : { name: values.name }),
  });
  const made = pick((await requireProject(client)).runs, 'run', runId);
  return {
    json: values.json === true,
    value: { runId, modelId: made.modelId, method, members: members.map(({ id, title }) => ({ runId: id, title })) },
    lines: [`Run        ${runId}: ${made.title}`],
  };
}

export const ensembleCommand: Command = { name: 'ensemble', summary: 'combine stored runs into one', help, run };
