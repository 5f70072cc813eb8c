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
    ...chapters.flatMap(({ suite, run: { version, engine, seeds, result } }) => [
      suite.page(result).trimEnd(),
      '',
      `_Faultline ${version}, ${engine}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}; bench/results/papers-${suite.name}.json._`,
      '',
    ]),
    evidence,
  ].join('\n');
}
