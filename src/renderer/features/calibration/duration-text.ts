import { durationOf } from '../../../core/duration';

/** "12 min", "2 h 30 min", "45 s", "0" as ms; a bare number counts minutes. Null when it cannot be read. */
export function parseDuration(text: string): number | null {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * 60_000 : durationOf(text);
}
