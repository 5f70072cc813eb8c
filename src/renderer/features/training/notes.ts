import type { EpochRecord } from '../../../core/detectors/detector';

/** Something that the detector said about its training, from one record to another in a row. */
export interface TrainingNote {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  /** As it was said last. */
  readonly text: string;
}

/** What was said in a row is one note: only its figures changed. */
const kindOf = (text: string): string => text.replace(/\d[\d.e+-]*/g, '');

/** The notes of a training in order. */
export function notesOf(history: readonly EpochRecord[]): readonly TrainingNote[] {
  const notes: TrainingNote[] = [];
  let open = false;
  for (const { stage, step, note } of history) {
    const last = notes.at(-1);
    if (note === undefined) {
      open = false;
    } else if (open && last && last.stage === stage && kindOf(last.text) === kindOf(note)) {
      notes[notes.length - 1] = { ...last, to: step, text: note };
    } else {
      notes.push({ stage, from: step, to: step, text: note });
      open = true;
    }
  }
  return notes;
}
