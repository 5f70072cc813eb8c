import { table } from '../markdown';
import { exactness } from './exactness';
import { gateTable, missedGates, type Gate } from './gates';
import type { StoredRun } from './stored';
import type { PaperSuite } from './suite';

export interface Chapter {
  readonly suite: PaperSuite<unknown>;
  readonly run: StoredRun;
}

/** docs/papers.md from the results: nothing in it is written by hand but sentences. */
export function pageOf(chapters: readonly Chapter[], evidence: string): string {
  return [
    '# The papers, measured again',
    '',
    'Written by `npm run bench:papers`; do not edit. What the two papers print, what our implementation reaches under their protocols, and beside it',
    'what random scores, untrained networks and plain statistics reach in the same way; then the figures that anyone can really have: thresholds that no',
    'test label chose. How to run it: [bench/papers/README.md](../bench/papers/README.md).',
    '',
    '## What is measured here, and which gates are met',
    '',
    'A gate is a figure that has to be reached: of independent prototypes or libraries, less their spread, or a goal that was set before; never of our own result. Each chapter ends with the',
    'table of its gates. Seeds are those of the chapter; where a method has others, its line says so. A method that draws nothing at random has no spread.',
    '',
    ...table(
      ['chapter', 'seeds', 'Faultline', 'gates'],
      chapters.map(({ suite, run: { version, seeds, result } }) => [
        ...[titleOf(suite.page(result)), seeds.join(', '), version, gatesOf(suite.gates(result))],
      ]),
    ),
    '',
    ...exactness,
    ...chapters.flatMap(({ suite, run: { version, engine, seeds, result } }) => [
      suite.page(result).trimEnd(),
      '',
      ...gateSection(suite, result),
      `_Faultline ${version}, ${engine}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}; bench/results/papers-${suite.name}.json._`,
      '',
    ]),
    evidence,
  ].join('\n');
}

/** Of the chapter's first line, `## title`. */
const titleOf = (page: string): string => page.slice(3, page.indexOf('\n'));

function gatesOf(gates: readonly Gate[]): string {
  if (gates.length === 0) return 'none: nothing is promised';
  const missed = missedGates(gates).length;
  return missed === 0 ? `all ${gates.length} met` : `**${missed} of ${gates.length} missed**`;
}

function gateSection(suite: PaperSuite<unknown>, result: unknown): string[] {
  const gates = suite.gates(result);
  return gates.length === 0 ? [] : [`### Gates: ${suite.name}`, '', ...suite.gateRule, '', ...gateTable(gates), ''];
}
