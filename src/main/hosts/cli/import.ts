import type { Command, Output, StartClient } from './command';
import { datasetJson, datasetLines } from './describe';
import { projectOptions, readArgs } from './options';
import { rowTimesHelp, rowTimesOf, rowTimesOptions } from './row-times-option';
import { importFile, importLabels } from './steps';

const help = `Usage: faultline import FILE --project P [options]

Imports a CSV or TSV export into a project. A project that does not exist is made.

  --project P          the project file (*.faultline)
  --name NAME          name of the dataset (default: the file's)
  --labels FILE        labelled intervals: CSV start,end[,class,comment] or NAB windows (JSON)
  --label-column NAME  0/1 column with the labels; it is not taken as a tag
  --leave-out NAME     column that is no measurement (a counter, a label of another kind); may be repeated
${rowTimesHelp(23)}  --data DIR           folder of settings (default: the user's own)
  --json               one JSON object on standard output and nothing else
  --help               this text

Example:
  faultline import pump.csv --project pump.faultline --labels faults.csv
`;

const options = {
  ...projectOptions,
  name: { type: 'string' },
  labels: { type: 'string' },
  'label-column': { type: 'string' },
  'leave-out': { type: 'string', multiple: true },
  ...rowTimesOptions,
} as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values, positionals } = readArgs('import', args, options, ['FILE']);
  const rowTimes = rowTimesOf(values);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, true);
  let dataset = await importFile(client, positionals[0] ?? '', {
    labelColumn: values['label-column'],
    leaveOut: values['leave-out'],
    rowTimes,
    name: values.name,
  });
  if (values.labels !== undefined) dataset = await importLabels(client, dataset, values.labels);
  return {
    json: values.json === true,
    value: {
      project: project.file,
      datasetId: dataset.id,
      name: dataset.name,
      labels: dataset.labelCount,
      dataset: datasetJson(dataset),
    },
    lines: [...datasetLines(dataset), `Labels     ${dataset.labelCount}`, `Project    ${project.file}`],
  };
}

export const importCommand: Command = { name: 'import', summary: 'import a file into a project', help, run };
