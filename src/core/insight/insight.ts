import type { PreparedSeries } from '../prepare/prepared';
import type { TimeRange } from '../series/series';

/**
 * What a trained detector learned, as data to look at. Plain values only, none of them NaN: it crosses every host, and report and
 * command line write the same.
 */
export type Insight = GraphInsight | ShapesInsight | ComponentsInsight;

/** What an insight may look at besides the model itself. */
export interface InsightRequest {
  /** The rows that train, by the labels of today. */
  readonly train: PreparedSeries;
  /** The rows that were scored, cut at what is masked. */
  readonly scored: PreparedSeries;
  /** [n] what the detector said of them when they were scored; NaN where that is not known. */
  readonly score: Float32Array;
}

/** An insight of a run's model, with what has to be known to read it. */
export interface RunInsight {
  readonly insight: Insight;
  /** Labels changed since training: the rows that train today may not be those that did. */
  readonly labelsChanged: boolean;
  /** The model was trained on the data that the run is of, so that times of both are on one axis. */
  readonly trainedHere: boolean;
}

/* ---- Which tag is forecast from which ------------------------------------------------------------------------------------ */

export interface GraphInsight {
  readonly kind: 'graph';
  readonly tags: readonly string[];
  /** [tags] share that the forecast of a tag takes from its own past. With the weights of its edges it sums to 1. */
  readonly own: readonly number[];
  /** By tag, and within one the strongest first. */
  readonly edges: readonly GraphEdge[];
}

export interface GraphEdge {
  /** Index of the tag that is forecast, and of the one that it is forecast from. */
  readonly tag: number;
  readonly from: number;
  /** Share of the forecast's attention, mean over held-out rows, 0 to 1. */
  readonly weight: number;
  /** Cosine of the learned embeddings of both, −1 to 1: why there is an edge. */
  readonly likeness: number;
}

/* ---- Shapes without a like, and shapes that repeat ------------------------------------------------------------------------ */

export interface ShapesInsight {
  readonly kind: 'shapes';
  readonly tags: readonly string[];
  /** Rows of a window. Two discords, two windows of a motif and two motifs share no row. */
  readonly window: number;
  /** Windows of the scored data that are furthest from all that is remembered, furthest first. */
  readonly discords: readonly Discord[];
  /** Windows of the training data that repeat best, best first. */
  readonly motifs: readonly Motif[];
  /** Rows remembered, and the last of them that motifs were sought in. */
  readonly remembered: number;
  readonly searched: number;
  /** Compared with what came before it as well. */
  readonly past: boolean;
}

/** First and last row of a window; null where it is not known: the rows that train are no longer those that did. */
export type WindowSpan = TimeRange | null;

export interface Discord {
  readonly span: TimeRange;
  /** z-normalised Euclidean distance to the nearest window, root mean square over the tags. */
  readonly distance: number;
  /** The tags with the largest distances, largest first. */
  readonly tags: readonly DiscordTag[];
}

export interface DiscordTag {
  readonly tag: number;
  readonly distance: number;
  /** The nearest window of this tag, or of all tags together where one moment is sought for all. */
  readonly nearest: WindowSpan;
  /** The nearest is a training window, or an earlier scored one. */
  readonly among: 'training' | 'scored';
  /** Both as they are compared: mean 0 and standard deviation 1, at most `mostPoints` evenly spaced rows; 0 where flat. */
  readonly shape: readonly number[];
  readonly nearestShape: readonly number[];
}

export interface Motif {
  /** Between the two windows of the pair, root mean square over the tags. */
  readonly distance: number;
  /** The pair, then further windows within twice its distance of the first one; nearest first. */
  readonly windows: readonly WindowSpan[];
  /** How many there are, of which `windows` may hold the first. */
  readonly count: number;
  /** Tags, those that repeat best first; both windows of the pair as they are compared. */
  readonly tags: readonly { readonly tag: number; readonly shapes: readonly (readonly number[])[] }[];
}

/** Points of a shape at most: more is not seen. */
export const mostPoints = 96;

/* ---- Principal components and their control limits ------------------------------------------------------------------------ */

export interface ComponentsInsight {
  readonly kind: 'components';
  readonly tags: readonly string[];
  /** Rows of a window. */
  readonly window: number;
  /** Windows that the components were fitted to. */
  readonly rows: number;
  /** Share of the variance of each component that has any, largest first. */
  readonly explained: readonly number[];
  /** Components that are kept. */
  readonly kept: number;
  /** [window · tags] row by row, of the first kept components; squares sum to 1, the largest loading is positive. */
  readonly loadings: readonly (readonly number[])[];
  readonly confidence: number;
  readonly limits: readonly ControlLimit[];
}

export interface ControlLimit {
  readonly id: 't2' | 'q';
  readonly value: number;
  /** How it was computed. */
  readonly from: string;
  /** Windows above it: of the training rows, which the components were fitted to, and of all rows of the run. */
  readonly training: Exceeded;
  readonly scored: Exceeded;
}

export interface Exceeded {
  readonly over: number;
  readonly of: number;
}

/** What a tag does in a component. */
export interface TagPart {
  /** Sum of its squared loadings: those of all tags sum to 1. */
  readonly share: number;
  /** Loading of the tag's mean over the window; the loading itself where the window is one row. */
  readonly level: number;
}

/** Of a component's loadings, by tag. */
export function tagParts(loadings: readonly number[], tags: number): readonly TagPart[] {
  const rows = loadings.length / tags;
  return Array.from({ length: tags }, (_, tag) => {
    let [share, sum] = [0, 0];
    for (let at = tag; at < loadings.length; at += tags) {
      share += loadings[at]! ** 2;
      sum += loadings[at]!;
    }
    return { share, level: sum / Math.sqrt(rows) };
  });
}
