import type { PairedDifference } from '../referee/report';
import { standingOf } from '../referee/standing';
import { listed } from '../report/words';
import type { CompareRow, ComparePair } from './comparison';
import { againstText } from './standings';

export interface VerdictInput {
  readonly rows: readonly CompareRow[];
  readonly pairs: readonly ComparePair[];
  /** The first row minus the best one-liner; null without a referee. */
  readonly oneLiner: { readonly title: string; readonly difference: PairedDifference } | null;
  /** Why there is no referee; null when there is. */
  readonly problem: string | null;
  /** Labelled anomalies without a judged row, and the rows of the table that have no score anywhere in them. */
  readonly lost: readonly { readonly name: string; readonly letters: readonly string[] }[];
  /** Of each row; the mean over its seeds. */
  readonly trainSeconds: readonly number[];
}

/** A training that much quicker is worth a word where the results cannot be told apart. */
const quicker = 3;

/** Which run is better, or that it cannot be told: the first row against the best one-liner, then against the second row. */
export function verdictOf({ rows, pairs, oneLiner, problem, lost, trainSeconds }: VerdictInput): string {
  const [best, second] = rows;
  if (!best) return '';
  if (best.vusPr.value.value === null) {
    const sentences = [`Which is better cannot be told: ${best.vusPr.value.reason}.`, ...lostTexts(lost)];
    return [...sentences, 'The events below show where they differ.'].join(' ');
  }
  const sentences: string[] = [];
  if (problem !== null) sentences.push(`No one-line detector stands beside these runs: ${problem}`);
  if (oneLiner) sentences.push(oneLinerText(oneLiner.title, oneLiner.difference));
  const pair = pairs.find(({ a, b }) => a === best.letter && b === second?.letter);
  if (pair) {
    const text = pair.text.replace(/\.$/, '');
    const ratio = trainSeconds[0]! / trainSeconds[1]!;
    const known = pair.standing !== 'ahead' && pair.standing !== 'behind' && Number.isFinite(ratio);
    const words = (times: number): string => `${times < 10 ? times.toFixed(1) : Math.round(times)} times quicker`;
    sentences.push(known && ratio >= quicker ? `${text}; ${pair.b} trains ${words(ratio)}.` : `${text}.`);
  }
  sentences.push(...lostTexts(lost));
  const sure = rows.filter(({ rank }) => rank.from === rank.to).length;
  if (rows.length > 1 && sure < rows.length) {
    sentences.push(
      sure === 0 ? 'No rank is sure: the differences are inside the noise.' : 'Ranks that are ranges are inside the noise.',
    );
  }
  return sentences.join(' ');
}

/** "L-02 is not judged: J has no score to be judged there. Without it the others can be." */
function lostTexts(lost: VerdictInput['lost']): string[] {
  const whos = [...new Set(lost.map(({ letters }) => listed(letters)))];
  return whos.map((who) => {
    const labels = lost.filter(({ letters }) => listed(letters) === who);
    const what = `${listed(labels.map(({ name }) => name))} ${labels.length === 1 ? 'is' : 'are'} not judged`;
    const several = labels[0]!.letters.length > 1;
    if (who === '') return `${what}: no row there has a score of every run that may be judged.`;
    return `${what}: ${who} ${several ? 'have' : 'has'} no score to be judged there. Without ${several ? 'them' : 'it'} the others can be.`;
  });
}

function oneLinerText(title: string, difference: PairedDifference): string {
  const text = againstText(difference);
  const named = `the best one-liner (${title.replace(/^Best one-liner: /, '')})`;
  switch (standingOf(difference)) {
    case 'ahead':
      return `A is ahead of ${named} by ${text}.`;
    case 'behind':
      return `A is behind ${named}: ${text}.`;
    case 'no-difference':
    case 'cannot-tell':
      return `A is not shown to beat ${named}: ${text}.`;
  }
}
