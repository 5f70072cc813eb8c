/** A number, or why there is none. The shape that `faultline evaluate --json` prints. */
export type Figure = number | { readonly value: null; readonly reason: string };

/** Figures that flatter, each beside that of a random score with as many samples above its threshold. */
export interface BesideRandom {
  readonly precision: Figure;
  readonly recall: Figure;
  readonly f1: Figure;
  readonly precisionOfRandom: Figure;
  readonly recallOfRandom: Figure;
  readonly f1OfRandom: Figure;
}

/** Every metric of one threshold on one part; definitions in docs/user-guide/metrics.md. Keys are stable: other tools read them. */
export interface MetricSheet {
  /** Part, period, threshold, rule, what was left out. */
  readonly protocol: string;
  readonly rows: number;
  /** Labelled anomalies with scores, and events under the rule. */
  readonly labels: number;
  readonly events: Figure;
  readonly threshold: Figure;
  /** How the numbers of random peers were found: mean over draws with as many samples above the threshold, chosen by a seed. */
  readonly random: { readonly draws: number; readonly seed: number };
  readonly point: {
    readonly precision: Figure;
    readonly recall: Figure;
    readonly f1: Figure;
    readonly aucRoc: Figure;
    readonly aucPr: Figure;
    readonly prevalence: Figure;
    /** 2π/(1+π). */
    readonly f1OfAllOnes: Figure;
    /** Expected F1 of a random score with as many samples above its threshold, exact. */
    readonly f1OfRandom: Figure;
  };
  readonly pointAdjusted: BesideRandom;
  readonly paK: {
    readonly area: Figure;
    readonly areaOfRandom: Figure;
    readonly f1At: Readonly<Record<string, Figure>>;
    readonly f1AtOfRandom: Readonly<Record<string, Figure>>;
  };
  readonly range: {
    readonly precision: Figure;
    readonly recall: Figure;
    readonly f1: Figure;
    readonly alpha: number;
    readonly bias: 'flat' | 'front' | 'middle' | 'back';
  };
  readonly event: {
    /** Share of events that touch a label. */
    readonly precision: Figure;
    readonly recall: Figure;
    readonly f1: Figure;
    /** Of point precision with event recall. */
    readonly compositeF1: Figure;
  };
  readonly vus: { readonly roc: Figure; readonly pr: Figure; readonly buffer: number; readonly variant: string };
  readonly affiliation: BesideRandom;
  /** Normalised: 0 is "nothing detected", 100 is perfect. False samples count one by one. */
  readonly nab: { readonly standard: Figure; readonly lowFp: Figure; readonly lowFn: Figure; readonly probationRows: number };
  /** Protocol of the Hreg-VAE-LSTM paper: detections that meet a label's windows are widened to all of them; θ best on these very data. */
  readonly paperWindow: {
    readonly f1: Figure;
    readonly f1OfRandom: Figure;
    /** Best F1 of the same window scores without widening, at a threshold of its own. */
    readonly f1Unwidened: Figure;
    readonly auc: Figure;
    readonly threshold: Figure;
    readonly hits: Figure;
    readonly falseEpisodes: Figure;
    /** Window in rows. */
    readonly length: number;
    readonly oracle: true;
  };
  /** Best F1 over all thresholds on these very data: a bound, nothing that can be deployed. */
  readonly oracle: { readonly f1: Figure; readonly threshold: Figure };
  readonly operational: {
    readonly falseEvents: Figure;
    readonly normalDays: Figure;
    readonly falseEventsPerDay: Figure;
    /** Exact Poisson limits at 95 %, upper one-sided. */
    readonly upperLimit: Figure;
    readonly medianDelaySeconds: Figure;
    /** Median time from detection to the end of a label (stands for the trip where the label ends with one). */
    readonly medianLeadSeconds: Figure;
    /** Share of scored samples inside events, 0..1. */
    readonly timeInAlarm: Figure;
    /** Share of minutes with more than 3 transitions across the threshold. */
    readonly chatter: Figure;
    /** Share of 10-minute periods with more than 10 events. */
    readonly floodShare: Figure;
  };
}
