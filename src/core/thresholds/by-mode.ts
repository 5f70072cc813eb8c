import { isFaultline } from '../errors';
import { ofClass, rowMask } from '../labels/interval';
import { countOf, formatCount, formatScore } from '../report/format';
import { isFalseAlarmLabel } from './feedback';
import { modeName } from './modes';
import { rowKinds, rowKindsOf } from './rows';
import type { SuggestInput } from './suggest';
import type { ModeRule, ModeThresholds, Objective, ThresholdRule } from './threshold';

/** Normal rows a mode needs for a threshold of its own: with labels, and without. */
export const modeNeeds = { labelled: 200, unlabelled: 500, aboveQuantile: 10 } as const;

/**
 * A threshold for each operating mode, by the same objective as the pooled one, from the rows of that mode alone; the other knobs are those
 * of the pooled rule. A mode gets its own when it has
 *
 * - for objectives with labels: a labelled anomaly with at least one scored row in the mode, and 200 normal rows;
 * - for a quantile q: 10 / (1 − q) normal rows (ten of them lie above), and 500;
 * - for a tail fit, conformal p-values and a number of false events a day: 500 normal rows, and what the rule itself needs.
 *
 * Else it has null and the pooled threshold holds. Normal scores of a mode are rows of the calibration part, since held-out scores carry no
 * mode: those labelled normal where the mode has any, else those outside labels of anomalies and masks. False events a day are allowed to
 * each mode per day of that mode, so that their sum keeps the limit.
 *
 * @param choose - the objective's threshold on rows of one mode, the others without score.
 */
export function byModes(
  objective: Objective,
  input: SuggestInput,
  pooled: ThresholdRule,
  modes: { readonly rule: ModeRule; readonly rows: Uint8Array },
  choose: (input: SuggestInput) => number,
): { readonly modes: ModeThresholds; readonly from: string } {
  const kinds = rowKindsOf(input.timestamps, input.score, input.labels);
  const needsLabels = ['f1', 'fbeta', 'cost', 'recall', 'delay'].includes(objective.kind);
  const needed = needsLabels ? modeNeeds.labelled : neededWithout(objective);
  const own: string[] = [];
  const fallen: string[] = [];
  const values = Array.from({ length: modes.rule.edges.length + 1 }, (_, mode): number | null => {
    const name = modeName(modes.rule, mode);
    const inMode = (kind: number) => kinds.reduce((n, k, i) => n + (k === kind && modes.rows[i] === mode ? 1 : 0), 0);
    const normals = inMode(rowKinds.normal);
    const anomalies = inMode(rowKinds.anomaly);
    const why =
      normals < needed
        ? `${countOf(normals, 'normal row')}, ${formatCount(needed)} are needed`
        : needsLabels && anomalies === 0
          ? 'no labelled anomaly with scores in it'
          : null;
    const value = why === null ? tryTo(() => choose(restricted(input, pooled, kinds, modes.rows, mode))) : why;
    if (typeof value === 'string') {
      fallen.push(`${name} (${value})`);
      return null;
    }
    own.push(`${formatScore(value)} at ${name} (${countOf(normals, 'normal row')})`);
    return value;
  });
  return {
    modes: { ...modes.rule, values },
    from: [
      own.length > 0 ? `By the same rule for single modes, from calibration rows of the mode: ${own.join('; ')}.` : '',
      fallen.length > 0 ? `The pooled threshold holds for ${fallen.join('; ')}.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  };
}

function neededWithout(objective: Objective): number {
  const fromQuantile = objective.kind === 'quantile' ? Math.ceil(modeNeeds.aboveQuantile / (1 - objective.q) - 1e-9) : 0;
  return Math.max(modeNeeds.unlabelled, fromQuantile);
}

/** The rows of one mode; the others lose their score, so that they are neither normal nor anomalous. */
function restricted(input: SuggestInput, pooled: ThresholdRule, kinds: Uint8Array, rows: Uint8Array, mode: number): SuggestInput {
  const marked = rowMask(
    input.timestamps,
    ofClass(input.labels, 'normal').filter((label) => !isFalseAlarmLabel(label)),
  );
  const normals = (marks: boolean): Float32Array =>
    input.score.filter((_, i) => rows[i] === mode && kinds[i] === rowKinds.normal && (!marks || marked[i] === 1));
  const labelled = normals(true);
  return {
    ...input,
    score: input.score.map((s, i) => (rows[i] === mode ? s : NaN)),
    normal: labelled.length > 0 ? labelled : normals(false),
    normalFrom: 'calibration samples of the mode',
    minDurationMs: pooled.minDurationMs,
    mergeGapMs: pooled.mergeGapMs,
    hysteresis: pooled.hysteresis,
    deadTimeMs: pooled.deadTimeMs,
    search: undefined,
    modes: undefined,
  };
}

/** The value, or why the rule could not be applied. */
function tryTo(choose: () => number): number | string {
  try {
    return choose();
  } catch (error) {
    if (isFaultline(error) && error.code.startsWith('threshold/')) return 'its scores are too few or all equal';
    throw error;
  }
}
