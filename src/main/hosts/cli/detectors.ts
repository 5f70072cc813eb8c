import type { DetectorDescription } from '../../../contract/types';
import type { Command, Output, StartClient } from './command';
import { commonOptions, readArgs } from './options';
import { table } from './text';

const help = `Usage: faultline detectors [--json]

Lists the detectors with their presets and parameters, and which of them this computer cannot train.

Example:
  faultline detectors
`;

function rangeOf(spec: DetectorDescription['params'][string]): string {
  switch (spec.kind) {
    case 'choice':
      return spec.choices.map((choice) => choice.value).join(' | ');
    case 'flag':
      return 'true | false';
    default:
      return `${spec.min} to ${spec.max}${spec.unit === '' ? '' : ` ${spec.unit}`}`;
  }
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('detectors', args, commonOptions, []);
  const detectors = await (await start({ kind: 'private' })).call('detector.list', {});
  const lines = detectors.flatMap(({ id, title, summary, params, presets, trainable }) => [
    `${id}: ${title}`,
    `  ${summary}`,
    ...(trainable ? [] : ['  Cannot be trained in useful time on this computer: its engine is too slow. See "faultline doctor".']),
    ...presets.map((preset) => `  --preset ${preset.id}: ${preset.help}`),
    ...table(
      ['Parameter', 'Default', 'Range', 'Meaning'],
      Object.entries(params).map(([name, spec]) => [name, String(spec.default), rangeOf(spec), spec.title]),
    ).map((line) => `  ${line}`),
    '',
  ]);
  return { json: values.json === true, value: { detectors }, lines };
}

export const detectors: Command = { name: 'detectors', summary: 'list the detectors and their parameters', help, run };
