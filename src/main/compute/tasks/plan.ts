import type { TrainingPlan, TrainingProposal } from '../../../contract/types';
import { defaultParams, resolveParams, type ParamValues } from '../../../core/detectors/params';
import { detectors, findDetector } from '../../../core/detectors/registry';
import type { DetectorInfo } from '../../../core/detectors/detector';
import { recommend } from '../../../core/detectors/recommendation';
import { proposeDrift } from '../../../core/drift/rule';
import { maskedClasses, ofClass, rowsWithin, type Span } from '../../../core/labels/interval';
import { defaultPreparation } from '../../../core/prepare/prepare';
import { defaultSplit, rowsOfPart, shortGuard, trainingView, trainMask, validateSplit } from '../../../core/prepare/split';
import type { PreparationChoices, Scaler, Split } from '../../../core/prepare/prepared';
import { proposeWindow } from '../../../core/prepare/window';
import type { Series } from '../../../core/series/series';
import { medianStep } from '../../../core/series/statistics';
import { loadData, prepareForTraining, withProject } from './data';
import type { TrainingSetup } from './train';

/** Bins of the histogram of each tag. */
const BINS = 24;
/** Fewer windows than this teach a network little. */
const FEW_WINDOWS = 500;
/** Below this share of real samples a tag is mostly bridged. */
const LOW_REAL_SHARE = 0.8;

export interface ProposeInput {
  readonly file: string;
  readonly datasetId: string;
}

/** What Faultline proposes for a dataset before anyone chose: channels, window, split, and the detectors with a reason each. */
export function proposeTraining(input: ProposeInput): Promise<TrainingProposal> {
  return withProject(input.file, (reader) => {
    const { series, labels } = loadData(reader, input.datasetId);
    // Of the train part alone: tags, sampling and the length of the window are choices like any other, and none may be made with the test
    // part. The guard gap follows from the window, so the parts are first cut without one; that train part does not reach into the test
    // part of the final cut.
    const trained = rowsOf(series, rowsOfPart(series.timestamps, defaultSplit(series, labels, 0), 'train'));
    const preparation = preparationOf(trained, series);
    const window = proposeWindow(chooseColumns(trained, preparation.channels));
    const proposals = detectors.map((detector) => {
      const facts = {
        channels: preparation.channels.length,
        trainRows: trained.timestamps.length,
        windowSamples: window.windowSamples,
      };
      const params = detector.propose
        ? resolveParams(detector.info.params, detector.propose(facts))
        : paramsWithWindow(detector.info, window.windowSamples);
      return { info: detector.info, params, guardRows: detector.info.warmUp(params) };
    });
    // The guard must hold the longest window, and the longest hole that is bridged, so that no part can reach into another.
    const guardRows = Math.max(preparation.maxFillRows, ...proposals.map((proposal) => proposal.guardRows));
    const split = defaultSplit(series, labels, guardRows);
    const train = rowsOfPart(series.timestamps, split, 'train');
    const facts = {
      channels: preparation.channels.length,
      trainRows: train.end - train.start,
      windowSamples: window.windowSamples,
    };
    // One that some engines cannot train is nobody's first choice.
    const recommended = recommend(
      facts,
      proposals.filter(({ info }) => !info.trainsOn).map(({ info }) => info.id),
    );
    const stepMs = preparation.resampleMs || medianStep(series.timestamps);
    return {
      split,
      preparation,
      drift: proposeDrift(facts.trainRows * medianStep(series.timestamps), stepMs),
      autocorrelation: window,
      detectors: proposals.map(({ info, params, guardRows: span }) => ({
        id: info.id,
        params,
        reason: info.id === recommended.id ? recommended.why : reasonFor(info, span, facts.trainRows),
        recommended: info.id === recommended.id,
      })),
    };
  });
}

/** Choices by the train rows. Where no tag moves in them nothing can be learned, and the whole series tells what to move the parts for. */
function preparationOf(trained: Series, whole: Series): PreparationChoices {
  const { timestamps, columns } = trained;
  const first = columns.map((column) => column.find(Number.isFinite));
  const moves = columns.some((column, j) => column.some((value) => Number.isFinite(value) && value !== first[j]));
  return defaultPreparation(timestamps.length > 1 && moves ? trained : whole);
}

function chooseColumns(series: Series, channels: readonly string[]): Pick<Series, 'columns' | 'channels'> {
  return { channels, columns: channels.map((name) => series.columns[series.channels.indexOf(name)]!) };
}

function rowsOf({ channels, timestamps, columns }: Series, { start, end }: Span): Series {
  return {
    channels,
    timestamps: timestamps.subarray(start, end),
    columns: columns.map((column) => column.subarray(start, end)),
  };
}

/** Defaults with the proposed window where the detector has one, kept inside its range. */
function paramsWithWindow(info: DetectorInfo, windowSamples: number): ParamValues {
  const params = defaultParams(info.params);
  const spec = Object.hasOwn(info.params, 'window') ? info.params['window'] : undefined;
  if (spec?.kind !== 'integer') return params;
  return { ...params, window: Math.min(spec.max, Math.max(spec.min, windowSamples)) };
}

function reasonFor(info: DetectorInfo, span: number, trainRows: number): string {
  const network = Object.values(info.params).some((spec) => 'unit' in spec && spec.unit === 'steps');
  if (!network || trainRows >= FEW_WINDOWS + span) return info.summary;
  return `Learns patterns in time step by step; the ${trainRows.toLocaleString('en')} rows that train hold too few for a sound model.`;
}

/** Everything that will be learned from, without training. @throws FaultlineError 'prepare/…' as training would. */
export function planTraining(setup: TrainingSetup): Promise<TrainingPlan> {
  return withProject(setup.file, (reader) => {
    const detector = findDetector(setup.detectorId);
    const params = resolveParams(detector.info.params, setup.params);
    const data = loadData(reader, setup.datasetId, setup.preparation.channels);
    const { split } = setup;
    validateSplit(split, data.series.timestamps);
    const { prepared, scaler, report } = prepareForTraining(data, setup.preparation, split);
    const train = trainingView(prepared, split, data.labels);
    const trainRows = train.timestamps.length;
    const size = detector.size(trainRows, prepared.channels.length, params);
    const rowsIn = (part: 'calibration' | 'test'): number => {
      const rows = rowsOfPart(prepared.timestamps, split, part);
      return rows.end - rows.start;
    };
    const channels = channelPlans(
      data.series,
      setup.preparation.channels,
      trainMask(data.series.timestamps, split, data.labels),
      scaler,
    );
    const excluded = ofClass(data.labels, 'anomaly', ...maskedClasses).filter((label) => {
      const rows = rowsWithin(data.series.timestamps, label);
      return rows.end > rows.start && label.start < split.trainUntil;
    });
    const counts = { trainRows, calibrationRows: rowsIn('calibration'), testRows: rowsIn('test'), windows: size.windows };
    return {
      preparation: report,
      ...counts,
      excludedLabels: excluded.length,
      weights: size.weights,
      bytes: size.bytes,
      channels,
      warnings: [
        ...warningsOf(counts, channels, size.steps > 0),
        ...guardWarning(prepared.timestamps, split, Math.max(setup.preparation.maxFillRows, detector.info.warmUp(params))),
      ],
    };
  });
}

function guardWarning(timestamps: Float64Array, split: Split, neededRows: number): string[] {
  const warning = shortGuard(timestamps, split, neededRows);
  return warning === null ? [] : [warning];
}

type ChannelPlan = TrainingPlan['channels'][number];

function channelPlans(series: Series, channels: readonly string[], mask: Uint8Array, scaler: Scaler): ChannelPlan[] {
  const rows = mask.reduce((sum, used) => sum + used, 0);
  return channels.map((name, j) => {
    const column = series.columns[series.channels.indexOf(name)]!;
    let real = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (mask[i] === 0 || !Number.isFinite(value)) continue;
      real++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const histogram = new Array<number>(BINS).fill(0);
    const width = (max - min) / BINS;
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (mask[i] === 0 || !Number.isFinite(value)) continue;
      const bin = width > 0 ? Math.min(BINS - 1, Math.floor((value - min) / width)) : 0;
      histogram[bin]! += 1;
    }
    return {
      name,
      mean: scaler.mean[j]!,
      std: scaler.flat[j] ? 0 : scaler.std[j]!,
      realShare: rows === 0 ? 0 : real / rows,
      flat: scaler.flat[j]!,
      histogram,
    };
  });
}

function warningsOf(
  counts: { readonly windows: number; readonly testRows: number },
  channels: readonly ChannelPlan[],
  network: boolean,
): string[] {
  const warnings: string[] = [];
  const flat = channels.filter((channel) => channel.flat).map((channel) => channel.name);
  const sparse = channels.filter((channel) => channel.realShare < LOW_REAL_SHARE).map((channel) => channel.name);
  if (network && counts.windows < FEW_WINDOWS) {
    warnings.push(
      `Only ${counts.windows} windows to learn from; ${FEW_WINDOWS} or more are wanted. Take a longer training period or a shorter window.`,
    );
  }
  if (flat.length > 0) {
    warnings.push(
      `Constant while training, so nothing is learned about: ${flat.join(', ')}. Leave ${flat.length === 1 ? 'it' : 'them'} out.`,
    );
  }
  if (sparse.length > 0) warnings.push(`Under 80 % of the training rows have a value of: ${sparse.join(', ')}.`);
  if (counts.testRows === 0) warnings.push('The test part is empty: the result cannot be measured on data that chose nothing.');
  return warnings;
}
