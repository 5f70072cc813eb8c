import { defaultParams, type ParamSpecs, type ParamsOf } from '../params';
import { specs as armaSpecs, type ArmaParams } from '../arma/params';

/** What both charts share. */
export const chartSpecs = {
  order: {
    ...{ kind: 'integer', default: 12, min: 0, max: 48, unit: 'samples', title: 'Order of the forecast' },
    help:
      'Charted is what a forecast from so many last values of the tag leaves over. 0 charts the values themselves, as the textbooks do: ' +
      'only for rows that do not depend on each other, otherwise it signals far more often than the run length says.',
  },
  combine: {
    ...{ kind: 'choice', default: 'each', title: 'Several tags' },
    choices: [
      { value: 'each', title: 'A chart a tag: the largest counts' },
      { value: 'together', title: 'One chart of all tags, with their correlation' },
    ],
    help:
      'A chart a tag sees what one tag does by itself. One chart of all is quicker when several tags move together, or against their habit. ' +
      'The limits of the charts are such that all of them together keep the run length.',
  },
  arl0: {
    ...{ kind: 'integer', default: 500, min: 20, max: 1_000_000, unit: 'samples', title: 'In-control run length ARL0' },
    help:
      'The control limit, at which a score is 1, is crossed once in so many rows of normal data on average, if the errors are normal and independent. ' +
      'It is the unit of the scores; the threshold is chosen afterwards, as for every detector.',
  },
  fitRows: armaSpecs.fitRows,
} as const satisfies ParamSpecs;

export type ChartParams = ParamsOf<typeof chartSpecs>;

/** The autoregression behind a chart; of order 0 it is the mean. */
export function forecastOf({ order, fitRows }: ChartParams): ArmaParams {
  return { ...defaultParams(armaSpecs), p: order, q: 0, fitRows };
}
