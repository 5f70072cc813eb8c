import type { ParamValues } from '../../src/core/detectors/params';
import type { Evaluation } from '../../src/core/metrics/evaluation';
import type { MetricSheet } from '../../src/core/metrics/sheet';
import type { Split } from '../../src/core/prepare/prepared';
import type { RefereeReport } from '../../src/core/referee/report';

/** One detector with one seed on one series, as the product judged it. */
export interface Entry {
  readonly series: string;
  readonly set: 'nab' | 'skab';
  readonly detector: string;
  readonly seed: number;
  readonly version: string;
  readonly engine: string;
  readonly dataSha256: string;
  readonly params: ParamValues;
  readonly split: Split;
  readonly trainSeconds: number;
  readonly objective: string;
  readonly threshold: number;
  readonly test: Evaluation;
  readonly paper: Pick<MetricSheet['paperWindow'], 'f1' | 'f1OfRandom'>;
  readonly referee: Pick<RefereeReport, 'best' | 'difference' | 'standing' | 'verdict'>;
}

/** A detector that the product refused to train on a series, and what it said. */
export interface Refusal {
  readonly series: string;
  readonly detector: string;
  readonly seed: number;
  readonly version: string;
  readonly reason: string;
}

/** bench/results/evaluation.json */
export interface Results {
  readonly entries: readonly Entry[];
  readonly refusals: readonly Refusal[];
}
