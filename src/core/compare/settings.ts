import { driftRuleText } from '../drift/report';
import { countOf, formatCount, formatDuration, formatNumber, formatPercent, formatScore, timeFormatter } from '../report/format';
import { paramText } from '../report/param-text';
import { shortHash } from '../report/words';
import { modeName } from '../thresholds/modes';
import { describeObjective } from '../thresholds/objective';
import type { CompareSetting } from './comparison';
import type { Method } from './methods';
import type { ComparedRun } from './run';

/** Text of one setting of one run; null where it has no such setting. */
type Read = (run: ComparedRun) => string | null;

/**
 * Settings side by side, by row: what the detector was told, how the data were prepared and parted, the rule from score to event, and
 * what it cost. Of a row with several seeds the values of all of them, each once.
 */
export function settingsOf(methods: readonly Method[], timeZone: string): CompareSetting[] {
  const clock = timeFormatter(timeZone);
  const all = methods.flatMap(({ runs }) => runs.map(({ run }) => run));
  const lines: (readonly [name: string, read: Read])[] = [
    ['Detector', ({ model }) => model.detectorTitle],
    ['Members', ({ model }) => (model.members.length > 0 ? model.members.join(', ') : null)],
    ...paramTitles(all).map((title): [string, Read] => [title, (run) => paramOf(run, title)]),
    ['Tags', ({ model }) => tagsText(model.preparation.channels)],
    [
      'Rows',
      ({ model }) => (model.preparation.resampleMs > 0 ? `every ${formatDuration(model.preparation.resampleMs)}` : 'as they are'),
    ],
    ['Holes bridged up to', ({ model }) => rowsText(model.preparation.maxFillRows)],
    ['Gap from', ({ model }) => `${model.preparation.gapToleranceSteps} steps`],
    ['Drift', ({ model }) => (model.preparation.drift ? driftRuleText(model.preparation.drift) : null)],
    ['Trained until', ({ model }) => clock.time(model.split.trainUntil)],
    ['Calibrated until', ({ model }) => clock.time(model.split.calibrateUntil)],
    ['Guard', ({ model }) => formatDuration(model.split.guardMs)],
    ['Threshold', ({ threshold }) => threshold && formatScore(threshold.value)],
    ['Threshold by', ({ threshold }) => threshold && describeObjective(threshold.objective)],
    ['Thresholds of modes', ({ threshold }) => modesText(threshold)],
    ['Hysteresis', ({ threshold }) => (threshold?.hysteresis ? formatScore(threshold.hysteresis) : null)],
    ['Minimum duration', ({ threshold }) => threshold && formatDuration(threshold.minDurationMs)],
    ['Merge gap', ({ threshold }) => threshold && formatDuration(threshold.mergeGapMs)],
    ['Dead time', ({ threshold }) => (threshold?.deadTimeMs ? formatDuration(threshold.deadTimeMs) : null)],
    ['Suppression', ({ threshold }) => suppressionText(threshold)],
    ['Seed', ({ model }) => (model.members.length > 0 ? null : String(model.seed))],
    ['Weights', ({ model }) => formatCount(model.parameterCount)],
    ['Training', ({ model }) => `${formatNumber(model.trainSeconds)} s`],
    ['Engine', ({ model }) => `${model.engine.backend} ${model.engine.version}, ${countOf(model.engine.threads, 'thread')}`],
    ['Labels when trained', ({ model }) => `v${model.labelRevision}`],
    ['Data', ({ dataset }) => `${dataset.sourceName}, sha256 ${shortHash(dataset.sha256)}`],
    ['Faultline', ({ model }) => model.version],
    ['Project', ({ projectName }) => projectName],
  ];
  return lines.map(([name, read]) => lineOf(name, methods, read)).filter(({ values }) => values.some((value) => value !== null));
}

function lineOf(name: string, methods: readonly Method[], read: Read): CompareSetting {
  const values = methods.map(({ runs }) => {
    const texts = [...new Set(runs.map(({ run }) => read(run)).filter((text) => text !== null))];
    return texts.length === 0 ? null : texts.join(', ');
  });
  return { name, values, differs: values.some((value) => value !== values[0]) };
}

/** Parameters of all detectors, each title once: two detectors that call something the same are compared in one line. */
function paramTitles(runs: readonly ComparedRun[]): string[] {
  return [...new Set(runs.flatMap(({ model }) => Object.values(model.specs).map(({ title }) => title)))];
}

function paramOf(run: ComparedRun, title: string): string | null {
  const { model, dataset } = run;
  const found = Object.entries(model.specs).find(([, spec]) => spec.title === title);
  if (!found) return null;
  const [name, spec] = found;
  return paramText(spec, model.params[name] ?? spec.default, model.preparation.resampleMs || dataset.stepMs);
}

const namedTags = 4;

function tagsText(channels: readonly string[]): string {
  const names = channels.slice(0, namedTags).join(', ');
  return channels.length > namedTags ? `${names} and ${channels.length - namedTags} others` : names;
}

function rowsText(rows: number): string {
  return rows === 1 ? '1 row' : `${formatCount(rows)} rows`;
}

function modesText(threshold: ComparedRun['threshold']): string | null {
  const modes = threshold?.modes;
  if (!modes) return null;
  return modes.values
    .map((value, mode) => `${modeName(modes, mode)}: ${value === null ? 'pooled' : formatScore(value)}`)
    .join('; ');
}

function suppressionText(threshold: ComparedRun['threshold']): string | null {
  const rules = threshold?.suppress ?? [];
  if (rules.length === 0) return null;
  return rules.map(({ channel, minShare }) => `${channel} from ${formatPercent(minShare)}`).join(', ');
}
