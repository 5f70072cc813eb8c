import { detect } from '../../../core/events/events';
import type { Label } from '../../../core/labels/label';
import { vusBufferOf } from '../../../core/metrics/evaluate';
import type { MetricSheet } from '../../../core/metrics/sheet';
import { metricSheet } from '../../../core/metrics/sheet-of';
import { withheldSheet } from '../../../core/metrics/withheld';
import { partsOfRun } from '../../run-parts';
import { partView, scoredRowsOf, touches, type JudgedThreshold } from '../judge-run';
import { withProject } from './data';

export interface RunMetricsInput {
  readonly file: string;
  readonly runId: string;
  readonly part: 'calibration' | 'test';
  readonly threshold: JudgedThreshold;
  /** The labels the threshold was kept with. */
  readonly labels: readonly Label[];
}

/** Every metric of a kept threshold on one part of its run, from the rows and labels that the part may be judged with. */
export function runMetrics({ file, runId, part, threshold, labels }: RunMetricsInput): Promise<MetricSheet> {
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const model = reader.models.get(run.modelId);
    const rows = scoredRowsOf(reader, run, threshold);
    const view = partView(part, { rows, labels, threshold, parts: partsOfRun(reader, run, model, threshold) });
    const sheet = metricSheet({
      ...view.rows,
      labels: view.labels,
      rule: threshold,
      events: detect(rows, threshold).events.filter((event) => touches(view, event)),
      range: view.range,
      part: view.name,
      vusBuffer: vusBufferOf(model.warmUpRows),
      window: model.warmUpRows + 1,
    });
    return view.refused === null ? sheet : withheldSheet(sheet, view.refused);
  });
}
