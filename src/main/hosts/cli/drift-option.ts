import { driftSentence, driftRuleText, type RunDrift } from '../../../core/drift/report';
import { durationOf } from '../../../core/duration';
import { driftRule, type DriftRule } from '../../../core/drift/rule';
import type { RunSummary } from '../../../contract/types';
import type { Client } from './client';
import { usage } from './options';

/** @param column - where the explanations of the command begin. */
export const driftHelp = (column: number): string =>
  [
    '  --drift HOW'.padEnd(column) +
      'off (default), or follow: slow drift is taken off each tag, with the half-life proposed for the data;',
    ' '.repeat(column) + 'or a half-life of your own, such as 6h, 6h,hold=4d or 6h,hold=4d,reach=8;',
    ' '.repeat(column) + 'with ,score behind any of them the reference of the score is followed as well',
    '',
  ].join('\n');

/**
 * What `--drift` asks for: the proposed rule, one of the user's own, or none.
 *
 * @throws FaultlineError 'cli/usage'.
 */
export function driftOption(text: string | undefined, proposed: DriftRule): DriftRule | undefined {
  if (text === undefined || text === 'off') return undefined;
  if (text === 'follow') return proposed;
  if (text === 'follow,score') return { ...proposed, withScore: true };
  const wrong = (part: string): never =>
    usage(
      `--drift must be off, follow, or a half-life such as 6h with ,hold=4d, ,reach=8 or ,score behind it; "${part}" is not understood.`,
    );
  const [first = '', ...rest] = text.split(',');
  const halfLifeMs = durationOf(first) || wrong(first);
  const given: { holdMs?: number; reach?: number; withScore?: true } = {};
  for (const part of rest) {
    const [name, value = ''] = part.split('=').map((word) => word.trim());
    if (name === 'hold') given.holdMs = durationOf(value) || wrong(part);
    else if (part.trim() === 'score') given.withScore = true;
    else if (name === 'reach' && Number(value) > 0) given.reach = Number(value);
    else wrong(part);
  }
  return driftRule(halfLifeMs, given);
}

/** What following did in a run, for the JSON and for people; nothing where the model follows no drift. */
export async function driftTold(client: Client, { id }: RunSummary): Promise<{ value: RunDrift | null; lines: string[] }> {
  const report = await client.call('run.drift', { runId: id });
  if (!report) return { value: null, lines: [] };
  return { value: report, lines: [`Drift      ${driftSentence(report, 5)}`, `           ${driftRuleText(report.rule)}`] };
}
