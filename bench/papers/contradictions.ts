import { mean, short, table } from '../markdown';
import type { NabEntry } from './nab';
import { nabSeries } from './nab-data';

/** Rounding of three printed digits leaves less than this between an F1 and that of its printed precision and recall. */
const rounding = 0.0015;

/** Where the paper's figures cannot be reached, cannot be right, or leave something out. Figures of Table 1 are recomputed, not copied. */
export function contradictions(entries: readonly NabEntry[]): string[] {
  const printed = nabSeries.flatMap(({ id, printed: methods }) =>
    Object.entries(methods).map(([method, [precision, recall, f1]]) => ({
      ...{ id, method, precision, recall, f1 },
      follows: (2 * precision * recall) / (precision + recall),
    })),
  );
  const wrong = printed.filter(({ f1, follows }) => Math.abs(f1 - follows) > rounding);
  const ahead = nabSeries.filter(({ printed: methods }) =>
    Object.values(methods).some(([, , f1]) => f1 > methods['hreg-vae-lstm'][2]),
  );
  const own = entries.filter(({ contestant }) => contestant === 'hreg-vae-lstm paper');
  const behindRandom = nabSeries.filter(({ id, printed: methods }) =>
    own.some(({ series, all }) => series === id && all.random > methods['hreg-vae-lstm'][2]),
  );
  const randoms = own.map(({ all }) => all.random);
  return [
    '### Where the paper contradicts itself, or cannot be followed',
    '',
    `- **F1 that does not follow from its own row.** Precision and recall of ${wrong.length} of ${printed.length} rows of Table 1 give another F1:`,
    '',
    ...table(
      ['series', 'method', 'precision', 'recall', 'F1 printed', 'F1 that follows'],
      wrong.map(({ id, method, precision, recall, f1, follows }) => [
        ...[id, method, short(precision), recall === 1 ? '1' : short(recall), short(f1), short(follows)],
      ]),
    ),
    '',
    `- **"The highest F1 score in all five datasets"** is not what the table prints: on ${ahead.map(({ id }) => id).join(', ') || 'no series'} another method's printed F1 is higher.`,
    '- **"The detection window length was kept the same across all methods"**: Win-l is 24 for the three others and 144 to 288 for the paper\'s own',
    '  method. A longer window makes more windows anomalous and the protocol easier, whatever the method.',
    ...(randoms.length === 0
      ? []
      : [
          `- **Random scores** reach ${short(Math.min(...randoms), 2)} to ${short(Math.max(...randoms), 2)} (mean ${short(mean(randoms), 2)}) under the protocol at the windows of the paper's own method` +
            (behindRandom.length > 0
              ? `, more than Table 1 prints for it on ${behindRandom.map(({ id }) => id).join(', ')}.`
              : '.'),
        ]),
    '  One exceedance among a hundred windows or more finds an anomaly, and all the windows around it then count as found.',
    '- **The threshold is an oracle.** It is the best one on the test labels. The paper says that a validation part with anomalies should choose it,',
    '  and names none: each series has two to five labels, all in the test.',
    '- **The penalty is not defined.** Eq. 1 does not say which output _f_ is differentiated, nor the exponent _n_, nor a weight. Ours are the Jacobian',
    '  of the reconstruction, _n_ = 2, λ = 1; the two other readings are parameters.',
    '- **Rows counted from 1.** The code behind the table stores labels counted from 1 and uses them as if counted from 0. The printed recall of LSTM-AD on',
    '  ec2 shows it: .436 is 24 of 55 windows, with 7 windows for the last label; counted from 0, and with the last window of the series, it has 9 and the recall',
    '  of one label of three is 24 of 57. Ours are counted from 0.',
    '- **Validation at random.** A tenth of the sequences, drawn at random, overlaps the training windows; thresholds from it are too low. Ours are blocks',
    '  and a tail of rows that no network sees.',
    '- **The machine series** has two test parts; the published notebook judges the first alone.',
    '',
  ];
}
