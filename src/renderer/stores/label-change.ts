import type { Label, LabelSet } from '../../core/labels/label';

export type LabelBody = Pick<Label, 'start' | 'end' | 'class' | 'comment' | 'channels'>;

/** One undoable act on labels: all of it, or nothing. */
export interface LabelChange {
  readonly add: readonly LabelBody[];
  readonly update: readonly Label[];
  readonly remove: readonly string[];
}

/** The set as it will be, shown while the host saves it; added labels get passing ids that begin with `prefix`. */
export function applyChange(set: LabelSet, change: LabelChange, prefix: string): LabelSet {
  const updates = new Map(change.update.map((label) => [label.id, label]));
  const removed = new Set(change.remove);
  const kept = set.labels.filter((label) => !removed.has(label.id)).map((label) => updates.get(label.id) ?? label);
  const added = change.add.map((body, i): Label => ({ ...body, id: `${prefix}${set.revision}-${i}`, origin: 'user' }));
  return { ...set, labels: [...kept, ...added] };
}

/** For each added body, in order, the stored label that it became. Equal bodies get one stored label each. */
export function matchAdded(bodies: readonly LabelBody[], fresh: readonly Label[]): readonly Label[] {
  const left = [...fresh];
  return bodies.flatMap((body) => {
    const at = left.findIndex(
      (l) => l.start === body.start && l.end === body.end && l.class === body.class && l.comment === body.comment,
    );
    return at < 0 ? [] : left.splice(at, 1);
  });
}
