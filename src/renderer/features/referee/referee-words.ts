import type { RefereeCheck, RefereeReport, RefereeRow, Standing } from '../../../core/referee/report';
import type { IconName } from '../../components/icons';

/** A mark is a shape and a word; its colour only helps. */
export interface Mark {
  readonly icon: IconName;
  readonly tone: 'success' | 'warn' | 'error' | 'muted';
  readonly word: string;
}

/** "No difference" is no failure, and "cannot tell" no success: neither is green or red. */
export const standingMarks: Readonly<Record<Standing, Mark>> = {
  ahead: { icon: 'done', tone: 'success', word: 'ahead' },
  behind: { icon: 'stale', tone: 'error', word: 'behind' },
  'no-difference': { icon: 'stale', tone: 'warn', word: 'no difference' },
  'cannot-tell': { icon: 'help', tone: 'muted', word: 'cannot tell' },
};

export const checkMarks: Readonly<Record<RefereeCheck['state'], Mark>> = {
  passed: { icon: 'done', tone: 'success', word: 'passed' },
  warning: { icon: 'stale', tone: 'warn', word: 'look at it' },
  failed: { icon: 'close', tone: 'error', word: 'failed' },
  unknown: { icon: 'help', tone: 'muted', word: 'not known' },
};

/** Checks that did not pass, as one phrase for the line: "1 check failed, 2 to look at"; '' when all passed. */
export function checksText(checks: readonly RefereeCheck[]): string {
  const failed = checks.filter((c) => c.state === 'failed').length;
  const warned = checks.filter((c) => c.state === 'warning').length;
  const parts = [
    failed ? `${failed} ${failed === 1 ? 'check' : 'checks'} failed` : '',
    warned ? `${warned} ${warned === 1 ? 'check' : 'checks'} to look at` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** A row of the panel, and the class that says what it is. */
export interface PanelRow {
  readonly row: RefereeRow;
  readonly kind: 'detector' | 'best' | 'one-liner' | 'baseline';
}
/** The detector first, the best one-liner below it, then the other one-liners, random and all-ones. */
export function panelRows(report: Pick<RefereeReport, 'detector' | 'best' | 'rows'>): readonly PanelRow[] {
  const baseline = (row: RefereeRow): boolean => row.id === 'random' || row.id === 'all-ones';
  const rest = report.rows.filter((r) => r.id !== report.best.id && r.id !== report.detector.id);
  return [
    { row: report.detector, kind: 'detector' },
    { row: report.best, kind: 'best' },
    ...rest.filter((r) => !baseline(r)).map((row) => ({ row, kind: 'one-liner' as const })),
    ...rest.filter(baseline).map((row) => ({ row, kind: 'baseline' as const })),
  ];
}
