import type { Insight, RunInsight, WindowSpan } from '../../../core/insight/insight';
import { insightBlocks } from '../../../core/report/insight-section';
import type { Command, Output, StartClient } from './command';
import { projectOptions, readArgs } from './options';
import { pick } from './steps';
import { isoOf, table } from './text';

const help = `Usage: faultline inspect --project P [options]

Shows what the model of a run learned: the sensor graph of gdn, the discords and motifs of matrix-profile, the loadings and control limits
of pca. Other detectors show nothing.

  --project P  the project file (*.faultline)
  --run ID     (default: the newest)
  --data DIR   folder of settings (default: the user's own)
  --json       one JSON object on standard output and nothing else
  --help       this text

Example:
  faultline inspect --project pump.faultline
`;

const options = { ...projectOptions, run: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('inspect', args, options, []);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const chosen = pick(project.runs, 'run', values.run);
  const found = await client.call('run.insight', { runId: chosen.id });
  const model = project.models.find(({ id }) => id === chosen.modelId);
  return {
    json: values.json === true,
    value: { runId: chosen.id, detector: model?.detectorId ?? '', insight: found ? insightJson(found) : null },
    lines: found ? insightLines(found) : [`The detector "${model?.detectorId}" shows nothing of what it learned.`],
  };
}

/** Times are ISO 8601 in UTC; a window whose time is not known is null. */
export function insightJson({ insight, ...facts }: RunInsight) {
  return { ...insightBody(insight), ...facts };
}

const spanJson = (span: WindowSpan) => span && { start: isoOf(span.start), end: isoOf(span.end) };

function insightBody(insight: Insight): object {
  if (insight.kind !== 'shapes') return insight;
  return {
    ...insight,
    discords: insight.discords.map(({ span, tags, ...discord }) => ({
      ...discord,
      span: spanJson(span),
      tags: tags.map(({ nearest, ...tag }) => ({ ...tag, nearest: spanJson(nearest) })),
    })),
    motifs: insight.motifs.map(({ windows, ...motif }) => ({ ...motif, windows: windows.map(spanJson) })),
  };
}

export function insightLines(found: RunInsight): string[] {
  return insightBlocks(found, isoOf).flatMap((block) => {
    if (block.kind === 'paragraph') return [block.text, ''];
    if (block.kind !== 'table') return [];
    const right = new Set(block.columns.flatMap(({ align }, i) => (align === 'right' ? [i] : [])));
    const titles = block.columns.map(({ title }) => title);
    return [
      block.title,
      ...(block.rows.length > 0 ? table(titles, block.rows, right) : []),
      ...(block.note ? [block.note] : []),
      '',
    ];
  });
}

export const inspect: Command = { name: 'inspect', summary: 'show what the model of a run learned', help, run };
