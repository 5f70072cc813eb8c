import { countRange, mean, table, withSpread } from '../markdown';
import { eventF1, vusBuffer, type RuleResult } from './judged';
import { meansBySeed, wholeSeeds, type SkabEntry } from './skab';
import { skabProtocolPage, skabReferences } from './skab-protocol';

/** Means over the files, best VUS-PR first. */
export function skabPage(entries: readonly SkabEntry[]): string {
  const files = new Set(entries.map(({ file }) => file)).size;
  const first = entries[0]!;
  // Contestants of the references alone are in their own table.
  const ids = [...new Set(entries.map(({ contestant }) => contestant))].filter((id) => !(id in skabReferences));
  const lines = ids.map((id) => {
    const own = wholeSeeds(entries.filter(({ contestant }) => contestant === id));
    const seeds = [...new Set(own.map(({ seed }) => seed))];
    const sums = (of: (result: RuleResult) => number): number[] =>
      seeds.map((seed) =>
        own
          .filter((entry) => entry.seed === seed)
          .reduce((sum, { all }) => sum + (all.rules.largest ? of(all.rules.largest) : 0), 0),
      );
    const means = (of: (entry: SkabEntry) => number): number[] => meansBySeed(entries, id, of);
    return {
      order: mean(means(({ all }) => all.vusPr)),
      cells: [
        id,
        String(seeds.length),
        withSpread(means(({ all }) => all.vusPr)),
        withSpread(means(({ all }) => all.auc)),
        withSpread(means(({ all }) => all.f1Unwidened)),
        withSpread(means((entry) => entry.all.rules.largest?.f1Unwidened ?? 0)),
        withSpread(means((entry) => eventF1(entry.all.rules.largest))),
        countRange(sums(({ hits }) => hits)),
        countRange(sums(({ falseEpisodes }) => falseEpisodes)),
        mean(own.map(({ fitSeconds }) => fitSeconds)).toFixed(1),
      ],
    };
  });
  const labels = entries.filter(({ contestant, seed }) => contestant === first.contestant && seed === first.seed);
  return [
    '## SKAB valve1: a water rig with eight tags',
    '',
    `${files} files. The first 400 rows of each train, as the benchmark has it; the rest is judged, row by row. Windows of 24 rows, scores joined over`,
    `${first.span} rows for every method alike, without the rolling median of the benchmark's own table. VUS-PR with a buffer of ${vusBuffer} rows; AUC and`,
    'the best F1 choose no threshold or an oracle; F1, event F1, found and false episodes after them are at the largest held-out normal score, without any label; event F1 is of the precision of rows and the recall of anomalies.',
    `There are ${labels.reduce((sum, { all }) => sum + all.labels, 0)} labelled anomalies in all. Means over the files; ± over the seeds.`,
    '',
    ...table(
      ['method', 'seeds', 'VUS-PR', 'AUC', 'F1, oracle', 'F1', 'event F1', 'found', 'false', 'fit, s'],
      lines.sort((a, b) => b.order - a.order).map(({ cells }) => cells),
    ),
    '',
    'The rig does not return to its trained state after an event: what is scored high there counts as false, for every method. Not here: `lstm-ad`, for which 400 rows are too few',
    'at this window and span, as it says itself, and the GANs, which have their own chapters. `one-liner` is the moving range.',
    '',
    ...skabProtocolPage(entries),
  ].join('\n');
}
