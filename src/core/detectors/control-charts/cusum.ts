import type { ParamSpecs, ParamsOf } from '../params';
import { chartDetector } from './chart-detector';
import { cusumOfAll, cusumOfEach } from './charts';
import { chartSpecs } from './params';
import { cusumChain, limitFor, mcusumChain } from './run-length';

const specs = {
  k: {
    ...{ kind: 'number', default: 0.5, min: 0.05, max: 1.5, unit: 'standard deviations', title: 'Allowance k' },
    help: 'What is taken off each error before it is summed. Half of the shift that is to be found soonest: 0.5 for one standard deviation.',
  },
  ...chartSpecs,
  ceiling: {
    ...{ kind: 'number', default: 20, min: 1.5, max: 1000, unit: 'limits', title: 'Largest sum', expert: true },
    help:
      'The sum stops growing at so many control limits. A sum without end would take as long to come back after a fault as the fault ' +
      'lasted, or longer.',
  },
} as const satisfies ParamSpecs;

export type CusumParams = ParamsOf<typeof specs>;

/** Two-sided CUSUM chart of each tag or one of all (Crosier's MCUSUM); the sum in units of the limit h that keeps the run length. */
export const cusum = chartDetector<CusumParams>({
  info: {
    id: 'cusum',
    title: 'CUSUM control chart',
    summary:
      'Adds up what the last values did not foretell, less an allowance, up and down. No other chart finds a shift of a known size sooner at the same ' +
      'rate of false alarms.',
    whenItFails:
      'A level that the forecast gets used to: of strongly autocorrelated tags a shift is seen when it comes, and hardly later. Swings that cancel. ' +
      'After a fault the sum takes time to come back.',
    presets: [
      { id: 'fast', help: 'A forecast from the last two values.', params: { order: 2 } },
      { id: 'balanced', help: 'k 0.5 on forecast errors, a chart a tag.', params: {} },
      {
        id: 'paper',
        help: 'k 0.5 on the values themselves, for independent rows, without a largest sum.',
        params: { order: 0, ceiling: 1000 },
      },
    ],
    source: 'Page 1954; Brook and Evans 1972 (limits); Crosier 1988 (one chart of all tags)',
  },
  specs,
  // Up and down are a chart each, and at most one of them runs high: their rates of false alarms add up (Van Dobben de Bruyn 1968).
  limitOfEach: ({ k }, arl0) => limitFor(cusumChain(k), 2 * arl0, Math.max(1, 2 / k)),
  limitOfAll: ({ k, arl0 }, tags) => limitFor(mcusumChain(k, tags), arl0, Math.max(2, Math.min(4 + tags, 2 / k + tags / (2 * k)))),
  chartOfEach: ({ k, ceiling }, limit, tags) => cusumOfEach(k, ceiling * limit, tags),
  chartOfAll: ({ k, ceiling }, limit, inverse, tags) => cusumOfAll(k, ceiling * limit, inverse, tags),
});
