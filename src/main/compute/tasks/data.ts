import { readyForScoring, readyForTraining, type Ready } from '../../../core/drift/ready';
import type { Label } from '../../../core/labels/label';
import type { Preparation, PreparationChoices, Split } from '../../../core/prepare/prepared';
import type { Series } from '../../../core/series/series';
import { openReader, type ProjectReader, type StoredDataset } from '../../store';

/** Runs `work` with a read-only connection of its own, closed afterwards. */
export async function withProject<R>(file: string, work: (reader: ProjectReader) => Promise<R> | R): Promise<R> {
  const reader = openReader(file);
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

export interface LoadedData {
  readonly dataset: StoredDataset;
  readonly series: Series;
  readonly labels: readonly Label[];
  readonly labelRevision: number;
  /** Names of tags that are held between samples. */
  readonly stepChannels: readonly string[];
}

/**
 * Whole columns of a dataset with its labels, those of today or of a given revision.
 *
 * @throws FaultlineError 'dataset/not-found', 'store/damaged-chunk', 'label/not-found'.
 */
export function loadData(
  reader: ProjectReader,
  datasetId: string,
  channels?: readonly string[],
  asOfRevision?: number,
): LoadedData {
  const dataset = reader.datasets.get(datasetId);
  const { labels, revision } =
    asOfRevision === undefined ? reader.labels.list(datasetId) : reader.labels.at(datasetId, asOfRevision);
  return {
    dataset,
    series: reader.series.readSeries(datasetId, channels),
    labels,
    labelRevision: revision,
    stepChannels: dataset.channels.filter((channel) => channel.step).map((channel) => channel.name),
  };
}

/** A dataset prepared for training: scaler and anchor learn from the rows that train and from nothing else. */
export function prepareForTraining(data: LoadedData, choices: PreparationChoices, split: Split): Ready {
  return readyForTraining(data.series, choices, split, data);
}

/** A dataset prepared the way a model's training data were. */
export function prepareForScoring(data: LoadedData, preparation: Preparation): Ready {
  return readyForScoring(data.series, preparation, data);
}
