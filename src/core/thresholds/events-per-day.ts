import { usualGapMs } from '../series/statistics';
import { between } from './fbeta';
import { rowKinds } from './rows';

export interface EventBudget {
  readonly value: number;
  /** False events at this threshold. */
  readonly falseEvents: number;
}

export interface BudgetInput {
  readonly timestamps: Float64Array;
  readonly score: Float32Array;
  /** [n] see `rowKindsOf`. */
  readonly kinds: Uint8Array;
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
}

/**
 * The smallest threshold down to which the number of false events never exceeds `limit`, after merging and minimum duration.
 * An event is false when no row from its first to its last is anomalous and at least one counts as normal.
 *
 * Exact over all distinct scores in O(n log n). The number of events is not monotone in the threshold (low enough, everything is one
 * event), so rows are let in from the highest score down and the search ends at the first excess. Which event a row joins depends on
 * its neighbours among the rows already in; these are found beforehand by taking rows out of a linked list from the lowest score up,
 * and events are then joined as sets (union-find).
 *
 * @returns null when no row has a score.
 */
export function smallestWithinBudget(input: BudgetInput, limit: number): EventBudget | null {
  const { score } = input;
  const order = rowsByScore(score);
  if (order.length === 0) return null;
  const links = neighbours(order, score.length);
  const events = new GrowingEvents(input);
  const highest = score[order[0]!]!;
  let accepted: number | null = null;
  let falseEvents = 0;
  for (let k = 0; k < order.length;) {
    const level = score[order[k]!]!;
    for (; k < order.length && score[order[k]!] === level; k++) {
      const row = order[k]!;
      events.add(row, links.before[row]!, links.after[row]!);
    }
    if (events.falseCount > limit) {
      // Above the highest score there is nothing: a margin of one part in a thousand keeps it so after rounding.
      const value = accepted === null ? highest + Math.max(Math.abs(highest) * 1e-3, 1e-6) : between(level, accepted);
      return { value, falseEvents };
    }
    accepted = level;
    falseEvents = events.falseCount;
  }
  return { value: score[order.at(-1)!]!, falseEvents };
}

/** Rows with a score, highest first; equal ones in order of time. */
function rowsByScore(score: Float32Array): Int32Array {
  const rows = new Int32Array(score.length);
  let n = 0;
  for (let i = 0; i < score.length; i++) if (!Number.isNaN(score[i]!)) rows[n++] = i;
  return rows.subarray(0, n).sort((a, b) => score[b]! - score[a]! || a - b);
}

/** For each row its nearest rows among those that come before it in `order`; -1 when there is none. */
function neighbours(order: Int32Array, n: number): { before: Int32Array; after: Int32Array } {
  const before = new Int32Array(n).fill(-1);
  const after = new Int32Array(n).fill(-1);
  const inTime = order.slice().sort();
  for (let k = 0; k < inTime.length; k++) {
    if (k > 0) before[inTime[k]!] = inTime[k - 1]!;
    if (k + 1 < inTime.length) after[inTime[k]!] = inTime[k + 1]!;
  }
  for (let k = order.length - 1; k >= 0; k--) {
    const row = order[k]!;
    if (before[row]! >= 0) after[before[row]!] = after[row]!;
    if (after[row]! >= 0) before[after[row]!] = before[row]!;
  }
  return { before, after };
}

/** Events while rows are let in; each set keeps its first and last row. */
class GrowingEvents {
  falseCount = 0;
  private readonly parent: Int32Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** Number of anomalous, and of normal, rows before each row. */
  private readonly anomalies: Int32Array;
  private readonly normals: Int32Array;
  private readonly gapMs: number;

  constructor(private readonly input: BudgetInput) {
    const n = input.score.length;
    this.parent = Int32Array.from({ length: n }, (_, i) => i);
    this.first = this.parent.slice();
    this.last = this.parent.slice();
    this.anomalies = prefix(input.kinds, rowKinds.anomaly);
    this.normals = prefix(input.kinds, rowKinds.normal);
    this.gapMs = usualGapMs(input.timestamps);
  }

  add(row: number, before: number, after: number): void {
    this.falseCount += this.isFalse(row);
    if (before >= 0 && this.linked(before, row)) this.join(before, row);
    if (after >= 0 && this.linked(row, after)) this.join(row, after);
  }

  private linked(a: number, b: number): boolean {
    const distance = this.input.timestamps[b]! - this.input.timestamps[a]!;
    return distance <= this.input.mergeGapMs || (b === a + 1 && distance <= this.gapMs);
  }

  private join(a: number, b: number): void {
    const left = this.root(a);
    const right = this.root(b);
    // Two events within the merge gap of each other are one already before a row between them comes in.
    if (left === right) return;
    this.falseCount -= this.isFalse(left) + this.isFalse(right);
    this.parent[right] = left;
    this.first[left] = Math.min(this.first[left]!, this.first[right]!);
    this.last[left] = Math.max(this.last[left]!, this.last[right]!);
    this.falseCount += this.isFalse(left);
  }

  private root(row: number): number {
    let at = row;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]!]!;
      at = this.parent[at]!;
    }
    return at;
  }

  private isFalse(root: number): 0 | 1 {
    const first = this.first[root]!;
    const last = this.last[root]!;
    const { timestamps, minDurationMs } = this.input;
    if (timestamps[last]! - timestamps[first]! < minDurationMs) return 0;
    const count = (sums: Int32Array): number => sums[last + 1]! - sums[first]!;
    return count(this.anomalies) === 0 && count(this.normals) > 0 ? 1 : 0;
  }
}

function prefix(kinds: Uint8Array, kind: number): Int32Array {
  const sums = new Int32Array(kinds.length + 1);
  for (let i = 0; i < kinds.length; i++) sums[i + 1] = sums[i]! + (kinds[i] === kind ? 1 : 0);
  return sums;
}
