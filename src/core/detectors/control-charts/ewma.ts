import type { ParamSpecs, ParamsOf } from '../params';
import { chartDetector } from './chart-detector';
import { ewmaOfAll, ewmaOfEach } from './charts';
import { chartSpecs } from './params';
import { ewmaChain, limitFor, mewmaChain } from './run-length';

const specs = {
  lambda: {
    ...{ kind: 'number', default: 0.1, min: 0.01, max: 1, unit: '', title: 'Weight λ of a new row' },
    help:
      'Small values remember long and find small lasting shifts; 1 looks at each row by itself (Shewhart). About 1 / λ rows count. ' +
      'A shift of one standard deviation is found soonest with about 0.1 to 0.15.',
  },
  ...chartSpecs,
} as const satisfies ParamSpecs;

export type EwmaParams = ParamsOf<typeof specs>;

/** Standard deviation of Z after many independent rows. */
const spreadOf = (lambda: number): number => Math.sqrt(lambda / (2 - lambda));

/** EWMA chart of each tag or of all (MEWMA); |Z| in units of the limit L·sqrt(λ / (2 − λ)) that keeps the run length. */
export const ewma = chartDetector<EwmaParams>({
  info: {
    id: 'ewma',
    title: 'EWMA control chart',
    summary:
      'The moving average of what the last values did not foretell, with more weight on new rows, against a control limit that is known in advance. ' +
      'The chart of every control room: finds small lasting shifts that no single row shows.',
    whenItFails:
      'A level that the forecast gets used to: of strongly autocorrelated tags a shift is seen when it comes, and hardly later. Wrong shapes inside ' +
      'the usual range, and swings that cancel in the average.',
    presets: [
      { id: 'fast', help: 'A forecast from the last two values.', params: { order: 2 } },
      { id: 'balanced', help: 'λ 0.1 on forecast errors, a chart a tag.', params: {} },
      { id: 'paper', help: 'λ 0.1 on the values themselves, for independent rows.', params: { order: 0 } },
    ],
    source: 'Roberts 1959; Lucas and Saccucci 1990 (limits); Lowry, Woodall, Champ and Rigdon 1992 (one chart of all tags)',
  },
  specs,
  limitOfEach: ({ lambda }, arl0) => limitFor(ewmaChain(lambda), arl0, 3 * spreadOf(lambda)),
  limitOfAll: ({ lambda, arl0 }, tags) => limitFor(mewmaChain(lambda, tags), arl0, spreadOf(lambda) * (Math.sqrt(tags) + 2)),
  chartOfEach: ({ lambda }, _, tags) => ewmaOfEach(lambda, tags),
  chartOfAll: ({ lambda }, _, inverse, tags) => ewmaOfAll(lambda, inverse, tags),
});
