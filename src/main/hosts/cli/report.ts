import type { Command, Output, StartClient } from './command';
import { projectOptions, readArgs, usage } from './options';
import { formatOf, pick, writeReports, writeScores } from './steps';

const help = `Usage: faultline report --project P --out FILE [options]

Writes the report of a run that has a threshold.

  --project P        the project file (*.faultline)
  --run ID           (default: the newest)
  --out FILE         .html, .pdf, .csv or .json; may be repeated
  --scores FILE.csv  timestamp,score,threshold,anomaly and each tag's contribution
  --data DIR         folder of settings (default: the user's own)
  --json             one JSON object on standard output and nothing else
  --help             this text

Example:
  faultline report --project pump.faultline --out report.html --out report.pdf
`;

const options = {
  ...projectOptions,
  run: { type: 'string' },
  out: { type: 'string', multiple: true },
  scores: { type: 'string' },
} as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('report', args, options, []);
  const paths = values.out ?? [];
  paths.forEach(formatOf);
  if (paths.length === 0 && values.scores === undefined) usage('This command needs --out FILE or --scores FILE.csv.');
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const scored = pick(project.runs, 'run', values.run);
  const outputs = await writeReports(client, scored, paths);
  if (values.scores !== undefined) outputs.push(await writeScores(client, scored, values.scores));
  return {
    json: values.json === true,
    value: { runId: scored.id, outputs },
    lines: outputs.map(({ format, file }) => `Wrote ${format}: ${file}`),
  };
}

export const report: Command = { name: 'report', summary: 'write the report of a run', help, run };
